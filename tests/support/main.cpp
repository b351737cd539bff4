// A main of our own, since a packaged one is built for one machine and one standard library.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argc, char** argv)
{
    Catch::Session session;
#ifdef CATCH_CONFIG_RUNNER
    // Version 3 does so by itself: a filter that selects no test is a failure.
    session.configData().warnings = Catch::WarnAbout::NoTests;
#endif
    return session.run(argc, argv);
}
