using System.CommandLine;

namespace UdsBroker.Cli.Tests;

/// <summary>A subject or pattern that none can be is a wrong command line, before any broker is looked for; how long one may be is the broker's matter.</summary>
public sealed class CheckedSubjectTests
{
    private const string EmptyToken = "'a..b' has an empty token; write one dot between tokens and none at the ends";

    private const string Wildcard = "'a.*' holds a wildcard; '*' and '>' are for patterns, not for subjects";

    [Theory]
    [InlineData(EmptyToken, "pub", "a..b", "x")]
    [InlineData(EmptyToken, "pub", "a", "x", "--reply", "a..b")]
    [InlineData(EmptyToken, "pub", "a", "x", "--will", "a..b=x")]
    [InlineData(EmptyToken, "sub", "a..b")]
    [InlineData(EmptyToken, "sub", "a", "b", "a..b")]
    [InlineData(EmptyToken, "get", "a..b")]
    [InlineData(EmptyToken, "request", "a..b", "x")]
    [InlineData(EmptyToken, "serve", "a..b", "--", "cat")]
    [InlineData(EmptyToken, "wait", "a..b")]
    [InlineData(EmptyToken, "acl", "explain", "--uid", "1", "a..b")]
    [InlineData(Wildcard, "pub", "a.*", "x")]
    [InlineData(Wildcard, "pub", "a", "x", "--reply", "a.*")]
    [InlineData(Wildcard, "sub", "a", "--will", "a.*=x")]
    [InlineData(Wildcard, "request", "a.*", "x")]
    [InlineData(Wildcard, "wait", "a.*")]
    [InlineData("'a.>.b' has '>' before its end; '>' stands for the whole tail and comes last", "sub", "a.>.b")]
    [InlineData("a subject cannot be empty", "pub", "", "x")]
    [InlineData("a subject cannot be empty", "sub", "")]
    public void A_wrong_subject_or_pattern_is_told_by_its_fault_before_anything_connects(string expected, params string[] arguments)
    {
        var parsed = CommandTree.Read(CommandTree.Create(), arguments);

        Assert.Equal(expected, Assert.Single(parsed.Errors).Message);
        Assert.Equal(expected, WrongCommandLine.Problem(parsed));
    }

    [Theory]
    [InlineData("pub", "SUBJECT", "x", "--reply", "SUBJECT")]
    [InlineData("sub", "SUBJECT", "SUBJECT.>")]
    [InlineData("get", "SUBJECT.*")]
    [InlineData("request", "SUBJECT", "x")]
    [InlineData("serve", "SUBJECT.>")]
    [InlineData("wait", "SUBJECT")]
    [InlineData("acl", "explain", "--uid", "1", "SUBJECT.>")]
    public void One_that_some_broker_may_allow_is_left_to_the_broker(params string[] arguments)
    {
        var subject = string.Join('.', Enumerable.Repeat("twelve-bytes", 100));

        Assert.Empty(CommandTree.Read(CommandTree.Create(), [.. arguments.Select(each => each.Replace("SUBJECT", subject, StringComparison.Ordinal))]).Errors);
    }

    [Theory]
    [InlineData("sub", "a")]
    [InlineData("serve", "a")]
    public void So_is_a_queue_group_whose_name_is_empty_or_too_long(params string[] command)
    {
        var tooLong = new string('ü', 128);

        Assert.Empty(ErrorsOf([.. command, "--queue", tooLong[..127]]));
        Assert.Equal(["--queue '' is not a name of 1 to 255 bytes"], ErrorsOf([.. command, "--queue", ""]));
        Assert.Equal([$"--queue '{tooLong}' is not a name of 1 to 255 bytes"], ErrorsOf([.. command, "--queue", tooLong]));
    }

    private static List<string> ErrorsOf(string[] line) => [.. CommandTree.Read(CommandTree.Create(), line).Errors.Select(error => error.Message)];
}
