using UdsBroker.Protocol;

namespace UdsBroker.Cli.Tests;

/// <summary>What a shell may offer is what the program takes: packaging/udsb.bash asks for it.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("udsb cl", "clients")]
    [InlineData("udsb acl e", "explain")]
    [InlineData("udsb pub a --rec", "--receipt")]
    public void Commands_and_options_complete_by_their_beginning(string line, string expected) => Assert.Contains(expected, Completions(line));

    [Fact]
    public void Policies_complete_as_they_are_written() => Assert.Equal(OverflowPolicies.AllTexts.Order(), Completions("udsb sub a --overflow ").Order());

    private static List<string> Completions(string line) => [.. CommandTree.Create().Parse(line).GetCompletions(line.Length).Select(each => each.Label)];
}
