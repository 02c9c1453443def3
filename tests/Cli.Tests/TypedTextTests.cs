using System.Text;

namespace UdsBroker.Cli.Tests;

/// <summary>What was typed is published as it is or not at all.</summary>
public sealed class TypedTextTests
{
    private static readonly byte[] Latin1 = [.. "udsb\0pub\0a\0caf"u8, 0xe9, 0];

    [Fact]
    public void An_argument_that_is_not_utf8_is_refused_with_the_way_that_takes_any_bytes() => Assert.Equal(
        "'caf\uFFFD' is not UTF-8; a payload of other bytes comes from standard input", TypedText.FindProblem(["pub", "a", "caf\uFFFD"], () => Latin1));

    [Fact]
    public void The_replacement_character_itself_may_be_typed() =>
        Assert.Null(TypedText.FindProblem(["pub", "a", "caf\uFFFD"], () => Encoding.UTF8.GetBytes("udsb\0pub\0a\0caf\uFFFD\0")));

    [Fact]
    public void Whatever_was_read_as_it_is_needs_no_second_look() =>
        Assert.Null(TypedText.FindProblem(["pub", "a", "café"], () => throw new InvalidOperationException("not asked for")));
}
