using UdsBroker.Cli.Output;

namespace UdsBroker.Cli.Tests;

/// <summary>Text of others is shown on a terminal and does not steer it.</summary>
public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("a\u001b[31mred", "a\\u001b[31mred")]
    [InlineData("a.\u009b31m", "a.\\u009b31m")]
    [InlineData("bell\u0007 and tab\t", "bell\\u0007 and tab\t")]
    [InlineData("two\nlines", "two\\u000alines")]
    [InlineData("héllo ✓ 🎈", "héllo ✓ 🎈")]
    public void Control_characters_are_shown(string text, string expected) => Assert.Equal(expected, TerminalText.Escape(text));

    [Fact]
    public void Lines_stay_lines_where_they_are_wanted() => Assert.Equal("a\n\\u001bb\n", TerminalText.EscapeLines("a\n\u001bb\n"));
}
