using System.CommandLine;
using System.CommandLine.Help;

namespace UdsBroker.Cli.Tests;

/// <summary>Whatever is typed where a value is read, the answer names the place and the text, never a type of the program.</summary>
public sealed class WrongValueTests
{
    private const string Wrong = "?!";

    public static TheoryData<string, string> Options => [.. Leaves(CommandTree.Create(), "").SelectMany(
        leaf => leaf.Command.Options.Where(option => option is not (HelpOption or VersionOption)).Select(option => (leaf.Path, option.Name)))];

    public static TheoryData<string, string> Arguments => [.. Leaves(CommandTree.Create(), "").SelectMany(
        leaf => leaf.Command.Arguments.Select(argument => (leaf.Path, argument.Name)))];

    [Theory]
    [MemberData(nameof(Options))]
    public void A_wrong_value_of_an_option_is_told_in_the_words_of_a_user(string path, string name)
    {
        var errors = ErrorsOf([.. path.Split(' '), .. NeededBy(path, name), $"{name}={Wrong}"]);

        if (!IsText(CommandOf(path).Options.Single(option => option.Name == name).ValueType))
            Assert.Contains(errors, error => error.StartsWith($"{name} '{Wrong}' is not ", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Contains("System.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void An_option_without_its_value_or_with_an_empty_one_is_told_in_the_words_of_a_user(string path, string name)
    {
        string[][] lines = [[.. path.Split(' '), name], [.. path.Split(' '), $"{name}="], [.. path.Split(' '), name, ""]];

        Assert.All(lines, line => Assert.DoesNotContain(ErrorsOf(line), error => error.Contains("System.", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void A_wrong_argument_is_told_in_the_words_of_a_user(string path, string name)
    {
        var command = CommandOf(path);
        var place = command.Arguments.ToList().FindIndex(argument => argument.Name == name);
        var errors = ErrorsOf([.. path.Split(' '), .. Enumerable.Repeat(Wrong, command.Arguments.Count(argument => argument.Arity.MaximumNumberOfValues == 1))]);

        if (!IsText(command.Arguments[place].ValueType)) Assert.Contains(errors, error => error.StartsWith($"{name} '{Wrong}' is not ", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Contains("System.", StringComparison.Ordinal));
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]) || type == typeof(bool);

    // Without which the option is wrong whatever its value.
    private static string[] NeededBy(string path, string option) => (path, option) switch
    {
        ("pub", "--chunk") => ["--file", "/dev/null"],
        ("pub", not "--file") => ["a", "payload"],
        ("request", "--count" or "--quiet") => ["--many"],
        _ => [],
    };

    private static List<string> ErrorsOf(string[] line) => [.. CommandTree.Read(CommandTree.Create(), line).Errors.Select(error => error.Message)];

    private static Command CommandOf(string path) => path.Split(' ').Aggregate((Command)CommandTree.Create(), (command, name) => command.Subcommands.Single(each => each.Name == name));

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(each => Leaves(each, $"{path} {each.Name}".TrimStart()));
}
