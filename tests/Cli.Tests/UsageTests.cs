using System.CommandLine;
using System.CommandLine.Help;
using UdsBroker.Cli.Commands;
using UdsBroker.Cli.Options;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Tests;

/// <summary>Wrong command lines are refused before anything is done, with a sentence that says what is allowed.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("a hello --file /dev/null", "a payload or --file")]
    [InlineData("a hello --lines", "need an input")]
    [InlineData("a hello --chunk 5", "need an input")]
    [InlineData("a - --lines --chunk 5", "--lines or --chunk, not both")]
    [InlineData("a - --chunk 0", "'0' is not a whole number from 1")]
    [InlineData("a hello --header novalue", "'novalue' is not of the form name=value")]
    [InlineData("a hello --header =value", "'=value' is not of the form name=value")]
    [InlineData("a hello --header k=1 --header k=2", "--header k is given 2 times")]
    [InlineData("a hello --expires 5", "'5' is not a time with its unit")]
    [InlineData("a hello --delay soon", "'soon' is not a time with its unit")]
    public void A_wrong_pub_says_what_is_wrong(string arguments, string expected) =>
        Assert.Contains(expected, Assert.Single(PubCommand.Create().Parse(arguments).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a --count 0", "'0' is not a whole number from 1")]
    [InlineData("a b --count 2", "--count is for one pattern")]
    [InlineData("a --timeout 0s", "more than 0")]
    [InlineData("a --json --raw", "one of --json, --raw and --lines")]
    [InlineData("a --lines --raw", "one of --json, --raw and --lines")]
    [InlineData("a --overflow oldest", "'oldest' is not one of block, drop-oldest, drop-newest, latest, disconnect")]
    [InlineData("a --pending 0", "'0' is not a size such as 65536, 64KiB or 1MB")]
    [InlineData("a --pending 9223372036854775807GiB", "is not a size such as")]
    [InlineData("a --credit -1", "'-1' is not a whole number from 0")]
    public void A_wrong_sub_says_what_is_wrong(string arguments, string expected) =>
        Assert.Contains(expected, Assert.Single(SubCommand.Create().Parse(arguments).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("pub lights --retain true", "lights", "true")]
    [InlineData("pub lights -r false", "lights", "false")]
    [InlineData("send 0190163d-8694-739b-aea5-966c26f8ad91 --unverified true", "0190163d-8694-739b-aea5-966c26f8ad91", "true")]
    public void What_follows_a_flag_is_not_its_value_but_the_payload(string arguments, params string[] expected)
    {
        var parsed = CommandTree.Create().Parse(arguments);

        Assert.Empty(parsed.Errors);
        Assert.Equal(expected, parsed.CommandResult.Tokens.Select(token => token.Value));
    }

    [Theory]
    [InlineData("--retain takes no value, as in '--retain=false': it is there or not", "pub", "lights", "--retain=false")]
    [InlineData("-r takes no value, as in '-r=': it is there or not", "pub", "lights", "on", "-r=")]
    public void A_value_that_is_given_to_a_flag_is_an_error_and_no_payload(string expected, params string[] arguments) =>
        Assert.Equal(expected, CommandTree.Read(CommandTree.Create(), arguments).Errors[0].Message);

    [Theory]
    [InlineData("pub", "lights", "--", "--retain=false")]
    [InlineData("pub", "lights", "a=b")]
    [InlineData("pub", "lights", "on", "--header=retain=false")]
    public void What_only_looks_like_it_is_none(params string[] arguments) => Assert.Empty(CommandTree.Read(CommandTree.Create(), arguments).Errors);

    [Theory]
    [InlineData("a --count 2", "--count and --quiet need --many")]
    [InlineData("a --quiet 1s", "--count and --quiet need --many")]
    [InlineData("a --timeout soon", "'soon' is not a time")]
    [InlineData("a --timeout 0s", "more than 0")]
    [InlineData("a --many --quiet 0ms", "more than 0")]
    [InlineData("a b --header x", "'x' is not of the form name=value")]
    public void A_wrong_request_says_what_is_wrong(string arguments, string expected) =>
        Assert.Contains(expected, Assert.Single(RequestCommand.Create().Parse(arguments).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a --payload x -- cat", "--payload or a command, not both")]
    [InlineData("a --concurrency 0", "'0' is not a whole number from 1")]
    public void A_wrong_serve_says_what_is_wrong(string arguments, string expected) =>
        Assert.Contains(expected, Assert.Single(ServeCommand.Create().Parse(arguments).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("send not-an-id hello")]
    [InlineData("kick not-an-id")]
    public void An_identity_that_is_none_says_what_one_looks_like_and_where_to_find_it(string arguments) => Assert.Equal(
        "id 'not-an-id' is not the identity of a connection, such as 0190163d-8694-739b-aea5-966c26f8ad91; udsb clients lists them",
        Assert.Single(CommandTree.Create().Parse(arguments).Errors).Message);

    [Theory]
    [InlineData("--uid alice", "--uid 'alice' is not the number of a user, such as 1000, or unknown")]
    [InlineData("--uid -1", "--uid '-1' is not the number of a user, such as 1000, or unknown")]
    [InlineData("--uid 1 --gid 2 --gid wheel", "--gid 'wheel' is not the number of a group, such as 100")]
    public void A_wrong_question_about_access_says_what_is_wrong(string arguments, string expected) =>
        Assert.Equal(expected, Assert.Single(CommandTree.Create().Parse($"acl explain {arguments}").Errors).Message);

    [Theory]
    [InlineData("a hello")]
    [InlineData("a - --lines")]
    [InlineData("a --file /dev/null --chunk 1000 --header a=b --header c==")]
    [InlineData("a hello --retain --expires 250ms --delay 1.5s")]
    public void A_right_pub_is_accepted(string arguments) => Assert.Empty(PubCommand.Create().Parse(arguments).Errors);

    [Theory]
    [InlineData("a", null, null, 256)]
    [InlineData("a --overflow latest --pending 64KiB --credit 1", OverflowPolicy.Latest, 65536L, 1)]
    [InlineData("a --overflow drop-newest --pending 3MB --credit 0", OverflowPolicy.DropNewest, 3_000_000L, 0)]
    public void A_sub_says_how_it_is_sent_messages(string arguments, OverflowPolicy? overflow, long? pending, int credit)
    {
        var options = FlowOptions.Read(SubCommand.Create().Parse(arguments));

        Assert.Equal((overflow, pending, credit), (options.Overflow, options.BrokerPendingBytes, options.Credit!.Value));
    }

    [Theory]
    [InlineData("a --timeout 5", "'5' is not a time with its unit")]
    [InlineData("a --timeout ms", "'ms' is not a time with its unit")]
    [InlineData("a --timeout -1s", "'-1s' is not a time with its unit")]
    [InlineData("a --timeout 1e9h", "'1e9h' is not a time with its unit")]
    public void A_wrong_wait_says_what_is_wrong(string arguments, string expected) =>
        Assert.Contains(expected, Assert.Single(WaitCommand.Create().Parse(arguments).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a hello --will state", "'state' is not of the form subject=payload")]
    [InlineData("a hello --will =c", "'=c' is not of the form subject=payload")]
    [InlineData("a hello --will-retain", "--will-retain needs a --will to keep")]
    public void A_wrong_will_says_what_is_wrong(string arguments, string expected) =>
        Assert.Contains(expected, Assert.Single(PubCommand.Create().Parse(arguments).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("serve a --will b=gone -- cat")]
    [InlineData("inbox --will b=gone")]
    public void Whatever_runs_for_long_may_leave_a_will(string arguments)
    {
        var parsed = new RootCommand { ServeCommand.Create(), InboxCommand.Create() }.Parse(arguments);

        Assert.Empty(parsed.Errors);
        Assert.Equal("b", WillOption.Read(parsed)!.Subject);
    }

    [Fact]
    public void A_will_is_the_first_equals_sign_apart()
    {
        var will = WillOption.Read(SubCommand.Create().Parse("a --will pump.state=a=b"))!;

        Assert.Equal(("pump.state", "a=b"), (will.Subject, System.Text.Encoding.UTF8.GetString(will.Payload.Span)));
        Assert.Null(will.Headers);
    }

    [Fact]
    public void A_will_that_is_to_be_retained_carries_the_header_for_it() =>
        Assert.Equal("1", WillOption.Read(SubCommand.Create().Parse("a --will b=gone --will-retain"))!.Headers![KnownHeaders.Retain]);

    [Theory]
    [InlineData("a -c 3")]
    [InlineData("a --max 3 --lines")]
    public void A_right_sub_is_accepted(string arguments) => Assert.Empty(SubCommand.Create().Parse(arguments).Errors);

    [Theory]
    [InlineData("/h")]
    [InlineData("/?")]
    public void A_payload_may_be_what_asks_for_help_on_another_system(string payload)
    {
        var parsed = CommandTree.Read(CommandTree.Create(), ["pub", "a", payload]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(payload, parsed.GetValue(PayloadArgument.Argument));
        Assert.IsNotType<HelpAction>(parsed.Action);
    }

    [Fact]
    public void The_help_says_what_the_exit_codes_mean()
    {
        using var help = new StringWriter();

        Assert.Equal(0, CommandTree.Read(CommandTree.Create(), ["--help"]).Invoke(new InvocationConfiguration { Output = help }));

        Assert.Contains(
            "Exit codes: 0 done; 1 failed; 2 the command line is wrong; 3 done, but messages were dropped or missed; 4 done, but there was nothing; 130 or 143 cut short by Ctrl-C or SIGTERM.",
            help.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_names_program_and_framework_and_nothing_that_only_the_broker_has() =>
        Assert.Matches(@"^udsb \d+\.\d+\.\d+ \(\.NET 10\.\S+\)$", VersionText.Text);

    [Theory]
    [InlineData("the id is missing", "send")]
    [InlineData("the id is missing", "kick")]
    [InlineData("the subject is missing", "pub")]
    [InlineData("--uid is missing", "acl", "explain")]
    [InlineData("a command is missing")]
    [InlineData("a command is missing", "acl")]
    [InlineData("there is no command 'frobnicate'", "frobnicate")]
    [InlineData("there is no option '--frob'", "--frob")]
    [InlineData("there is no option '--lin'", "get", "a", "--lin")]
    [InlineData("there is no option '--lin'; -- before it makes it an argument", "sub", "a", "--lin")]
    [InlineData("there is no option '-x'; -- before it makes it an argument", "sub", "a", "-x")]
    [InlineData("there is no option '--retian'; -- before it makes it an argument", "pub", "a", "--retian")]
    [InlineData("there is no option '--count'; -- before it makes it an argument", "pub", "a", "--count", "3")]
    [InlineData("there is no option '--posix'; -- before it makes it an argument", "serve", "a", "sed", "--posix")]
    [InlineData("--count needs a value", "sub", "a", "--count")]
    [InlineData("'c' is one argument too many", "pub", "a", "b", "c")]
    [InlineData("--count is given 2 times; it has one value", "sub", "a", "--count", "1", "-c", "2")]
    [InlineData("--socket is given 3 times; it has one value", "-s", "/a", "ping", "-s", "/b", "--socket", "/c")]
    [InlineData("--exe 'robot' is not the full path of a program, such as /usr/bin/robot", "acl", "explain", "--uid", "1", "--exe", "robot")]
    [InlineData("--delay '597h' is not a time with its unit, such as 250ms, 2s, 1m or 1h, and at most 596h", "pub", "a", "b", "--delay", "597h")]
    [InlineData("a payload is missing: a text, - for standard input, --file PATH, or '' for an empty one", "pub", "lamp", "--retain")]
    [InlineData("a payload is missing: a text, - for standard input, or '' for an empty one", "send", "0190163d-8694-739b-aea5-966c26f8ad91")]
    [InlineData("--server-user 'no-such-user' is not the number of a user, or the name of one in /etc/passwd", "ping", "--server-user", "no-such-user")]
    [InlineData("--wait 'long' is not a time with its unit, such as 250ms, 2s, 1m or 1h, and at most 596h", "ping", "--wait", "long")]
    [InlineData("--file '/tmp' is not the path of a file", "pub", "a", "--file", "/tmp")]
    [InlineData("'a b' holds a space or a control character", "acl", "explain", "--uid", "1", "a b")]
    public void What_is_wrong_with_a_command_line_is_said_in_a_line(string expected, params string[] arguments)
    {
        var parsed = CommandTree.Read(CommandTree.Create(), arguments);

        Assert.NotEmpty(parsed.Errors);
        Assert.Equal(expected, WrongCommandLine.Problem(parsed));
    }

    [Theory]
    [InlineData("pub", "a", "--", "--retian")]
    [InlineData("pub", "a", "")]
    [InlineData("pub", "a", "-5")]
    [InlineData("sub", "--", "-x")]
    [InlineData("serve", "a", "--", "sed", "--posix")]
    public void What_stands_behind_two_dashes_a_negative_number_and_an_empty_payload_are_arguments(params string[] arguments) =>
        Assert.Empty(CommandTree.Read(CommandTree.Create(), arguments).Errors);
}
