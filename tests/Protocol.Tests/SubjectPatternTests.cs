using System.Text;
using System.Text.RegularExpressions;

namespace UdsBroker.Protocol.Tests;

/// <summary>What matches what, by examples and against a regular expression made of the pattern.</summary>
public sealed class SubjectPatternTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a.b", false)]
    [InlineData("a.b", "a", false)]
    [InlineData("a", "A", false)]
    [InlineData("*", "a", true)]
    [InlineData("*", "a.b", false)]
    [InlineData(">", "a", true)]
    [InlineData(">", "a.b.c", true)]
    [InlineData("a.*", "a.b", true)]
    [InlineData("a.*", "a", false)]
    [InlineData("a.*", "a.b.c", false)]
    [InlineData("a.>", "a.b", true)]
    [InlineData("a.>", "a.b.c", true)]
    [InlineData("a.>", "a", false)]
    [InlineData("a.>", "ab.c", false)]
    [InlineData("*.b.*", "a.b.c", true)]
    [InlineData("*.b.>", "a.b.c.d", true)]
    [InlineData("*.b.>", "a.b", false)]
    [InlineData(">", "$SYS.client", false)]
    [InlineData("*.client", "$SYS.client", false)]
    [InlineData("*", "$x", false)]
    [InlineData("$SYS.>", "$SYS.client", true)]
    [InlineData("$SYS.*", "$SYS.client", true)]
    [InlineData("a.*", "a.$x", true)]
    [InlineData("a.>", "a.$x", true)]
    [InlineData(">", "_INBOX.x.1", false)]
    [InlineData("*.x.*", "_INBOX.x.1", false)]
    [InlineData(">", "_INBOX", true)]
    [InlineData("_INBOX.>", "_INBOX.x.1", true)]
    [InlineData("a.>", "a._INBOX.x", true)]
    [InlineData("wetter.*.☂", "wetter.köln.☂", true)]
    public void A_pattern_matches_or_does_not(string pattern, string subject, bool expected)
    {
        Assert.Equal(expected, SubjectPattern.Parse(pattern).Matches(Encoding.UTF8.GetBytes(subject)));
        Assert.Equal(expected, Oracle(pattern).IsMatch(subject));
    }

    [Fact]
    public void Every_short_pattern_matches_as_its_regular_expression_does()
    {
        string[] subjects = [.. Combinations(["a", "b", "$a", "_INBOX"], 4)];
        string[] patterns = [.. Combinations(["a", "$a", "_INBOX", "*", ">"], 4).Where(text => SubjectPattern.TryParse(text, out _, out _))];
        int matches = 0;
        foreach (string text in patterns)
        {
            SubjectPattern pattern = SubjectPattern.Parse(text);
            Regex oracle = Oracle(text);
            foreach (string subject in subjects)
            {
                bool expected = oracle.IsMatch(subject);
                Assert.True(expected == pattern.Matches(Encoding.UTF8.GetBytes(subject)), $"{text} and {subject}");
                matches += expected ? 1 : 0;
            }
        }

        Assert.True(matches > 1000, $"only {matches} matches were seen");
    }

    [Fact]
    public void A_literal_pattern_matches_itself_alone()
    {
        foreach (string text in Combinations(["a", "b", "$a"], 3))
        {
            SubjectPattern pattern = SubjectPattern.Parse(text);
            Assert.True(pattern.IsLiteral);
            Assert.All(Combinations(["a", "b", "$a"], 3), subject => Assert.Equal(subject == text, pattern.Matches(Encoding.UTF8.GetBytes(subject))));
        }
    }

    /// <summary>The definition again, in another language: a wildcard in the first place matches neither a leading dollar nor an inbox.</summary>
    private static Regex Oracle(string pattern)
    {
        IEnumerable<string> parts = pattern.Split('.').Select((part, index) => part switch
        {
            "*" => index == 0 ? @"(?!\$|_INBOX\.)[^.]+" : "[^.]+",
            ">" => index == 0 ? @"(?!\$|_INBOX\.).+" : ".+",
            _ => Regex.Escape(part),
        });
        return new Regex($@"\A{string.Join(@"\.", parts)}\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
    }

    private static IEnumerable<string> Combinations(string[] tokens, int most)
    {
        IEnumerable<string> texts = tokens;
        for (int length = 1; length <= most; length++)
        {
            foreach (string text in texts)
                yield return text;
            texts = texts.SelectMany(text => tokens.Select(token => $"{text}.{token}")).ToArray();
        }
    }
}
