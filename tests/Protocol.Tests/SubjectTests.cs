using System.Text;

namespace UdsBroker.Protocol.Tests;

/// <summary>The rules of subjects and patterns, and the sentences that teach them.</summary>
public sealed class SubjectTests
{
    public static TheoryData<string, SubjectFault, SubjectFault> Texts => new()
    {
        { "orders", SubjectFault.None, SubjectFault.None },
        { "orders.eu.created", SubjectFault.None, SubjectFault.None },
        { "Orders.EU", SubjectFault.None, SubjectFault.None },
        { "wetter.köln.☂", SubjectFault.None, SubjectFault.None },
        { "$SYS.client", SubjectFault.None, SubjectFault.None },
        { "a/b:c-d_e$f#1", SubjectFault.None, SubjectFault.None },
        { new string('a', 255), SubjectFault.None, SubjectFault.None },
        { string.Join('.', Enumerable.Repeat("t", 32)), SubjectFault.None, SubjectFault.None },
        { "", SubjectFault.Empty, SubjectFault.Empty },
        { new string('a', 256), SubjectFault.TooLong, SubjectFault.TooLong },
        { new string('ü', 128), SubjectFault.TooLong, SubjectFault.TooLong },
        { string.Join('.', Enumerable.Repeat("t", 33)), SubjectFault.TooManyTokens, SubjectFault.TooManyTokens },
        { ".", SubjectFault.EmptyToken, SubjectFault.EmptyToken },
        { ".a", SubjectFault.EmptyToken, SubjectFault.EmptyToken },
        { "a.", SubjectFault.EmptyToken, SubjectFault.EmptyToken },
        { "a..b", SubjectFault.EmptyToken, SubjectFault.EmptyToken },
        { "a..*", SubjectFault.EmptyToken, SubjectFault.EmptyToken },
        { "*.", SubjectFault.EmptyToken, SubjectFault.EmptyToken },
        { "a b", SubjectFault.ForbiddenCharacter, SubjectFault.ForbiddenCharacter },
        { "a b.>", SubjectFault.ForbiddenCharacter, SubjectFault.ForbiddenCharacter },
        { "a\tb", SubjectFault.ForbiddenCharacter, SubjectFault.ForbiddenCharacter },
        { "a\0", SubjectFault.ForbiddenCharacter, SubjectFault.ForbiddenCharacter },
        { "a\u007f", SubjectFault.ForbiddenCharacter, SubjectFault.ForbiddenCharacter },
        { "*", SubjectFault.WildcardInSubject, SubjectFault.None },
        { ">", SubjectFault.WildcardInSubject, SubjectFault.None },
        { "a.*.b", SubjectFault.WildcardInSubject, SubjectFault.None },
        { "a.>", SubjectFault.WildcardInSubject, SubjectFault.None },
        { "*.*.>", SubjectFault.WildcardInSubject, SubjectFault.None },
        { "a*", SubjectFault.WildcardInSubject, SubjectFault.WildcardInsideToken },
        { "a.b>", SubjectFault.WildcardInSubject, SubjectFault.WildcardInsideToken },
        { "**", SubjectFault.WildcardInSubject, SubjectFault.WildcardInsideToken },
        { ">>", SubjectFault.WildcardInSubject, SubjectFault.WildcardInsideToken },
        { ">.a", SubjectFault.WildcardInSubject, SubjectFault.TailNotLast },
        { "a.>.>", SubjectFault.WildcardInSubject, SubjectFault.TailNotLast },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_a_subject_or_a_pattern_or_has_its_fault(string text, SubjectFault asSubject, SubjectFault asPattern)
    {
        Assert.Equal(asSubject == SubjectFault.None, Subject.TryParse(text, out Subject subject, out SubjectFault fault));
        Assert.Equal(asSubject, fault);
        Assert.Equal(asSubject == SubjectFault.None ? text : "", subject.ToString());

        Assert.Equal(asPattern == SubjectFault.None, SubjectPattern.TryParse(text, out SubjectPattern pattern, out fault));
        Assert.Equal(asPattern, fault);
        Assert.Equal(asPattern == SubjectFault.None ? text : "", pattern.ToString());
        Assert.Equal(asSubject == SubjectFault.None && asPattern == SubjectFault.None, pattern.IsLiteral && !pattern.Utf8.IsEmpty);

        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Assert.Equal(asSubject, Subject.Validate(utf8));
        Assert.Equal(asPattern, SubjectPattern.Validate(utf8));
        Assert.Equal(0, Allocation.Of(() => SubjectPattern.Validate(utf8)));
        Assert.Equal(asSubject == SubjectFault.None, Subject.TryParse(utf8, out Subject again, out _));
        Assert.Equal(subject, again);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_has_no_utf8()
    {
        Assert.False(Subject.TryParse("a\ud800", out _, out SubjectFault fault));
        Assert.Equal(SubjectFault.InvalidUtf8, fault);
        Assert.False(SubjectPattern.TryParse("\udc00.>", out _, out fault));
        Assert.Equal(SubjectFault.InvalidUtf8, fault);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { (byte)'a', 0xFF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC0, 0xAE })]
    public void Bytes_that_are_not_utf8_are_no_subject(byte[] bytes)
    {
        Assert.Equal(SubjectFault.InvalidUtf8, Subject.Validate(bytes));
        Assert.Equal(SubjectFault.InvalidUtf8, SubjectPattern.Validate(bytes));
        Assert.Contains("not valid UTF-8", SubjectFault.InvalidUtf8.Describe(bytes, Limits.Default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a..b", "'a..b' has an empty token; write one dot between tokens and none at the ends")]
    [InlineData("a b", "'a b' holds a space or a control character")]
    [InlineData("a\u0007b", "'a\\u0007b' holds a space or a control character")]
    [InlineData("a.*", "'a.*' holds a wildcard; '*' and '>' are for patterns, not for subjects")]
    [InlineData("", "a subject cannot be empty")]
    public void Parse_throws_what_is_wrong(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FormatException>(() => Subject.Parse(text)).Message);

    [Fact]
    public void Parse_names_the_number_and_the_number_allowed()
    {
        string message = Assert.Throws<FormatException>(() => Subject.Parse(new string('x', 300))).Message;
        Assert.Equal($"'{new string('x', 80)}...' has 300 bytes; at most 255 are allowed", message);
        message = Assert.Throws<FormatException>(() => SubjectPattern.Parse("a.b.c", Limits.Default with { MaxTokens = 2 })).Message;
        Assert.Equal("'a.b.c' has 3 tokens; at most 2 are allowed", message);
        message = Assert.Throws<FormatException>(() => Subject.Parse("a.b.c", Limits.Default with { MaxTokens = 2 })).Message;
        Assert.Equal("'a.b.c' has 3 tokens; at most 2 are allowed", message);
        Assert.Equal(SubjectFault.TooManyTokens, Subject.Validate("a.b.c"u8, Limits.Default with { MaxTokens = 2 }));
        Assert.Equal(SubjectFault.TooManyTokens, SubjectPattern.Validate("a.b.c"u8, Limits.Default with { MaxTokens = 2 }));
        Assert.Equal(SubjectFault.None, SubjectPattern.Validate("a.b.c"u8));
    }

    [Fact]
    public void Equal_bytes_are_equal_subjects()
    {
        Assert.Equal(Subject.Parse("a.b"), Subject.Parse("a.b"));
        Assert.True(Subject.Parse("a.b") == Subject.Parse("a.b"));
        Assert.True(Subject.Parse("a.b") != Subject.Parse("a.B"));
        Assert.Equal(Subject.Parse("a.b").GetHashCode(), Subject.Parse("a.b").GetHashCode());
        Assert.NotEqual(Subject.Parse("a.b").GetHashCode(), Subject.Parse("a.c").GetHashCode());
        Assert.Equal(SubjectPattern.Parse("a.*"), SubjectPattern.Parse("a.*"));
        Assert.True(SubjectPattern.Parse("a.*") != SubjectPattern.Parse("a.>"));
        Assert.Equal(SubjectPattern.Parse("a.*").GetHashCode(), SubjectPattern.Parse("a.*").GetHashCode());
        Assert.NotEqual(SubjectPattern.Parse("a.*").GetHashCode(), SubjectPattern.Parse("a.>").GetHashCode());
        Assert.False(Subject.Parse("a").Equals("a"));
        Assert.False(SubjectPattern.Parse("a").Equals("a"));
    }

    [Theory]
    [InlineData("", new[] { "" })]
    [InlineData("a", new[] { "a" })]
    [InlineData("a.b.c", new[] { "a", "b", "c" })]
    [InlineData(".a.", new[] { "", "a", "" })]
    [InlineData("a..b", new[] { "a", "", "b" })]
    public void The_tokenizer_gives_what_is_between_the_dots(string text, string[] expected)
    {
        List<string> tokens = [];
        foreach (ReadOnlySpan<byte> token in new SubjectTokenizer(Encoding.UTF8.GetBytes(text)))
            tokens.Add(Encoding.UTF8.GetString(token));
        Assert.Equal(expected, tokens);
    }
}
