namespace UdsBroker.Protocol.Tests;

/// <summary>What the broker makes of the headers it acts on: values, orders and mistakes.</summary>
public sealed class DirectivesTests
{
    [Fact]
    public void Headers_that_ask_for_nothing_ask_for_nothing()
    {
        Assert.Equal(default, Read());
        Assert.Equal(default, Read(("traceparent", "00-1"), ("udsb-retain", "1"), ("Udsb-Retained", "x"), ("Udsb-Error", "Udsb-Retain")));
        Assert.True(default(Directives).IsNone);
    }

    [Fact]
    public void Each_header_is_read_and_all_of_them_together()
    {
        Assert.Equal(new Directives(true, null, null), Read(("Udsb-Retain", "1")));
        Assert.Equal(new Directives(false, 0, null), Read(("Udsb-Expires", "0")));
        Assert.Equal(new Directives(false, null, 999_999_999_999_999_999), Read(("Udsb-Delay", "999999999999999999")));
        Assert.Equal(new Directives(true, 5000, 100), Read(("a", "b"), ("Udsb-Delay", "100"), ("Udsb-Retain", "1"), ("Udsb-Expires", "005000")));
    }

    [Fact]
    public void The_first_of_a_name_counts()
    {
        Assert.Equal(new Directives(true, 1, 2), Read(
            ("Udsb-Expires", "1"), ("Udsb-Expires", "x"), ("Udsb-Delay", "2"), ("Udsb-Delay", ""), ("Udsb-Retain", "1"), ("Udsb-Retain", "0")));
    }

    [Fact]
    public void A_value_that_cannot_be_read_is_named()
    {
        foreach (string value in new[] { "0", "", "true" }) Assert.Equal("the value of the header Udsb-Retain must be 1", ProblemOf("Udsb-Retain", value));
        foreach (string name in new[] { "Udsb-Expires", "Udsb-Delay" })
        {
            foreach (string value in new[] { "", " 1", "-1", "1s", "٣", "1000000000000000000" })
                Assert.Equal($"the value of the header {name} must be milliseconds in decimal digits", ProblemOf(name, value));
        }
    }

    [Fact]
    public void The_quick_search_misses_none_and_reading_allocates_nothing()
    {
        Assert.False(Directives.MayBeIn(Encode([("traceparent", "udsb-")])));
        Assert.False(Directives.MayBeIn(default));
        byte[] headers = Encode([("a", "b"), ("Udsb-Retain", "1"), ("Udsb-Expires", "5")]);
        Assert.Equal(0, Allocation.Of(() =>
        {
            if (Directives.MayBeIn(headers))
                Directives.TryRead(headers, out _, out _);
        }));
    }

    private static Directives Read(params (string Name, string Value)[] headers)
    {
        Assert.True(Directives.TryRead(Encode(headers), out Directives directives, out string? problem));
        Assert.Null(problem);
        return directives;
    }

    private static string? ProblemOf(string name, string value)
    {
        byte[] headers = Encode([("a", "b"), (name, value)]);
        Assert.True(Directives.MayBeIn(headers));
        Assert.False(Directives.TryRead(headers, out _, out string? problem));
        return problem;
    }

    private static byte[] Encode((string Name, string Value)[] headers) =>
        HeaderCodec.Encode([.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))]);
}
