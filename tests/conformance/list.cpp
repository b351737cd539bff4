// Writes README.md of this folder: where each statement is enforced and tested. With --check, says whether README.md is
// what would be written, whether every statement has a test and every tag of a test is a statement.
//
//   mqttwire_conformance_list ROOT [--check]     ROOT is the root of the repository
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// A version and the id of a statement, "5.0" and "MQTT-3.3.2-14".
using Statement = std::pair<std::string, std::string>;

struct Row {
    Statement statement;
    std::string side;
    std::string text;
    std::set<std::string> headers{};
    std::vector<std::string> tests{};
};

std::string read(const fs::path& path)
{
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Row> read_statements(const fs::path& path)
{
    std::vector<Row> rows;
    std::istringstream lines(read(path));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        Row row;
        std::getline(cells, row.statement.first, '\t');
        std::getline(cells, row.statement.second, '\t');
        std::getline(cells, row.side, '\t');
        std::getline(cells, row.text);
        rows.push_back(std::move(row));
    }
    return rows;
}

/// What only an application can keep, and why.
struct Exception {
    Statement statement;
    std::string text;
    std::string reason;
};

std::vector<Exception> read_exceptions(const fs::path& path)
{
    std::vector<Exception> rows;
    std::istringstream lines(read(path));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        Exception row;
        std::getline(cells, row.statement.first, '\t');
        std::getline(cells, row.statement.second, '\t');
        std::getline(cells, row.text, '\t');
        std::getline(cells, row.reason);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<fs::path> files(const fs::path& folder, const std::string& extension)
{
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == extension) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

/// All comments of a file, one after another.
std::string comments(const std::string& source)
{
    std::string text;
    std::istringstream lines(source);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t start = line.find("//");
        if (start == std::string::npos) continue;
        const std::size_t content = line.find_first_not_of("/<", start);
        if (content != std::string::npos) text += line.substr(content) + " ";
    }
    return text;
}

/// The ids of "MQTT-3.1.2-9, -11, -18 to -21": what a short one leaves out is as before.
std::vector<std::string> ids(const std::string& text)
{
    static const std::regex id(R"((to )?(?:MQTT)?-(?:(\d+\.\d+\.\d+)-)?(\d+))");
    std::vector<std::string> found;
    std::string section;
    int last = 0;
    for (std::sregex_iterator match(text.begin(), text.end(), id), end; match != end; ++match) {
        if ((*match)[2].matched) section = (*match)[2];
        const int number = std::stoi((*match)[3]);
        const int first = (*match)[1].matched ? last + 1 : number;
        for (int each = first; each <= number; ++each) found.push_back("MQTT-" + section + "-" + std::to_string(each));
        last = number;
    }
    return found;
}

/// The statements that a comment names: "[MQTT-3.2.2-4; 5.0: MQTT-3.2.2-6]". What stands before the first version
/// belongs to both, or, if 5.0 has a part of its own, to 3.1.1.
std::vector<Statement> statements_in(const std::string& comment)
{
    static const std::regex bracket(R"(\[([^\[\]]*MQTT-[^\[\]]*)\])");
    std::vector<Statement> found;
    for (std::sregex_iterator match(comment.begin(), comment.end(), bracket), end; match != end; ++match) {
        const std::string inside = (*match)[1];
        const bool apart = inside.find("5.0:") != std::string::npos;
        std::istringstream parts(inside);
        for (std::string part; std::getline(parts, part, ';');) {
            const bool only_5 = part.find("5.0:") != std::string::npos;
            const bool only_3_1_1 = part.find("3.1.1:") != std::string::npos || (apart && !only_5);
            for (const std::string& id : ids(part)) {
                if (!only_5) found.emplace_back("3.1.1", id);
                if (!only_3_1_1) found.emplace_back("5.0", id);
            }
        }
    }
    return found;
}

/// Names of tests with their tags.
std::vector<std::pair<std::string, std::vector<Statement>>> tests_in(const std::string& source)
{
    static const std::regex test(R"rx(TEST_CASE\(\s*"((?:[^"\\]|\\.)*)",\s*((?:"[^"]*"\s*)+)\))rx");
    static const std::regex tag(R"(\[(3\.1\.1|5\.0):(MQTT-[^\]]*)\])");
    std::vector<std::pair<std::string, std::vector<Statement>>> found;
    for (std::sregex_iterator match(source.begin(), source.end(), test), end; match != end; ++match) {
        std::string tags = (*match)[2]; // perhaps more than one literal, where the line is long
        std::erase_if(tags, [](char c) { return c == '"' || c == '\n' || c == ' '; });
        std::vector<Statement> statements;
        for (std::sregex_iterator each(tags.begin(), tags.end(), tag); each != end; ++each)
            statements.emplace_back((*each)[1], (*each)[2]);
        found.emplace_back((*match)[1], std::move(statements));
    }
    return found;
}

std::string generate(const std::vector<Row>& rows, const std::vector<Exception>& exceptions)
{
    std::string text =
        "# Conformance: where each statement is enforced\n\n"
        "The numbered statements of MQTT 3.1.1 and 5.0 that a codec can keep or break (`statements.tsv`), and those "
        "that a\n"
        "session can (`session/statements.tsv`), the headers\n"
        "whose comments name them at the line that enforces them, and the tests of this folder that hold them in both\n"
        "directions. The test `conformance.statements` is red where a statement has no test, a test is tagged with "
        "what is no\n"
        "statement, or this page is not what `mqttwire_conformance_list ROOT` writes: run that after a change.\n";
    for (const std::string version : {"3.1.1", "5.0"}) {
        text += "\n## MQTT " + version
            + "\n\n| statement | what it asks | enforced in | tested by |\n| --- | --- | --- | --- |\n";
        for (const Row& row : rows) {
            if (row.statement.first != version) continue;
            std::string headers;
            for (const std::string& header : row.headers) headers += (headers.empty() ? "`" : ", `") + header + "`";
            if (headers.empty()) headers = "no single line";
            std::string tests;
            for (const std::string& test : row.tests) tests += (tests.empty() ? "" : "; ") + test;
            text += "| " + row.statement.second + " | " + row.text + " | " + headers + " | " + tests + " |\n";
        }
    }
    text += "\n## Left to the application\n\n| version | statement | what it asks | why |\n| --- | --- | --- | --- |\n";
    for (const Exception& row : exceptions)
        text +=
            "| " + row.statement.first + " | " + row.statement.second + " | " + row.text + " | " + row.reason + " |\n";
    return text;
}

int run(const fs::path& root, bool check)
{
    const fs::path folder = root / "tests" / "conformance";
    std::vector<Row> rows = read_statements(folder / "statements.tsv");
    for (Row& row : read_statements(folder / "session" / "statements.tsv")) rows.push_back(std::move(row));
    const std::vector<Exception> exceptions = read_exceptions(folder / "session" / "application.tsv");
    std::map<Statement, Row*> by_statement;
    for (Row& row : rows) by_statement[row.statement] = &row;

    bool good = by_statement.size() == rows.size();
    if (!good) std::cerr << "a statement is listed twice\n";
    for (const fs::path& header : files(root / "include", ".hpp"))
        for (const Statement& statement : statements_in(comments(read(header))))
            if (const auto row = by_statement.find(statement); row != by_statement.end())
                row->second->headers.insert(fs::relative(header, root / "include" / "mqttwire").generic_string());
    for (const fs::path& source : files(folder, ".cpp")) {
        if (source.filename() == "list.cpp") continue;
        for (const auto& [name, statements] : tests_in(read(source))) {
            if (statements.empty()) {
                std::cerr << "no statement is tagged: " << name << '\n';
                good = false;
            }
            for (const Statement& statement : statements) {
                const auto row = by_statement.find(statement);
                if (row == by_statement.end()) {
                    std::cerr << "no such statement: [" << statement.first << ':' << statement.second << "] of " << name
                              << '\n';
                    good = false;
                } else {
                    row->second->tests.push_back(fs::relative(source, folder).generic_string() + ": " + name);
                }
            }
        }
    }
    for (const Row& row : rows) {
        if (row.tests.empty()) {
            std::cerr << "no test: [" << row.statement.first << ':' << row.statement.second << "]\n";
            good = false;
        }
        if (row.headers.empty() && !check)
            std::cerr << "no header names: [" << row.statement.first << ':' << row.statement.second << "]\n";
    }
    const std::string text = generate(rows, exceptions);
    if (!check) {
        std::ofstream(folder / "README.md") << text;
    } else if (read(folder / "README.md") != text) {
        std::cerr << "README.md is out of date\n";
        good = false;
    }
    return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
try {
    const bool check = argc == 3 && std::string(argv[2]) == "--check";
    if (argc != 2 && !check) {
        std::cerr << "usage: " << argv[0] << " ROOT [--check]\n";
        return 2;
    }
    return run(argv[1], check);
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
}
