using Akka.Configuration;

namespace UdsBroker.Compat.Hosting.Tests.Configuration;

/// <summary>What the typed getters accept, and what they answer for a path that is not there.</summary>
public class GetterTests
{
    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    public void Booleans_are_on_off_true_and_false(string text, bool expected)
        => Assert.Equal(expected, Value(text).GetBoolean("a", !expected));

    [Theory]
    [InlineData("yes")]
    [InlineData("True")]
    [InlineData("1")]
    [InlineData("\"\"")]
    public void Any_other_boolean_is_refused(string text)
        => Assert.Throws<NotSupportedException>(() => Value(text).GetBoolean("a"));

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1234", 1234L)]
    [InlineData("10 b", 10L)]
    [InlineData("10B", 10L)]
    [InlineData("10 byte", 10L)]
    [InlineData("10 bytes", 10L)]
    [InlineData("64k", 65536L)]
    [InlineData("64K", 65536L)]
    [InlineData("64Ki", 65536L)]
    [InlineData("64KiB", 65536L)]
    [InlineData("1 kibibyte", 1024L)]
    [InlineData("2 kibibytes", 2048L)]
    [InlineData("64 kB", 64000L)]
    [InlineData("1 kilobyte", 1000L)]
    [InlineData("2 kilobytes", 2000L)]
    [InlineData("8 MiB", 8388608L)]
    [InlineData("8m", 8388608L)]
    [InlineData("8M", 8388608L)]
    [InlineData("8Mi", 8388608L)]
    [InlineData("8 mebibytes", 8388608L)]
    [InlineData("8 MB", 8000000L)]
    [InlineData("8 megabytes", 8000000L)]
    [InlineData("1g", 1073741824L)]
    [InlineData("1 GiB", 1073741824L)]
    [InlineData("1 GB", 1000000000L)]
    [InlineData("1 TiB", 1099511627776L)]
    [InlineData("1 terabyte", 1000000000000L)]
    [InlineData("1p", 1125899906842624L)]
    [InlineData("1 petabytes", 1000000000000000L)]
    [InlineData("1 E", 1152921504606846976L)]
    [InlineData("1 EB", 1000000000000000000L)]
    [InlineData("\"8 MiB\"", 8388608L)]
    public void Byte_sizes_have_units(string text, long expected)
        => Assert.Equal(expected, Value(text).GetByteSize("a"));

    [Theory]
    [InlineData("8 KB")]
    [InlineData("8 mb")]
    [InlineData("8 mib")]
    [InlineData("1.5 MiB")]
    [InlineData("many")]
    [InlineData("8 MiB/s")]
    public void Other_byte_sizes_are_refused(string text)
        => Assert.Throws<FormatException>(() => Value(text).GetByteSize("a"));

    [Fact]
    public void An_empty_byte_size_is_none()
    {
        Assert.Null(Value("\"\"").GetByteSize("a", 5));
        Assert.Null(Value("null").GetByteSize("a"));
    }

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("10 s", 10_000)]
    [InlineData("1 second", 1_000)]
    [InlineData("2 seconds", 2_000)]
    [InlineData("500ms", 500)]
    [InlineData("500 millis", 500)]
    [InlineData("1 milli", 1)]
    [InlineData("1 millisecond", 1)]
    [InlineData("7 milliseconds", 7)]
    [InlineData("500", 500)]
    [InlineData("0", 0)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1 minute", 60_000)]
    [InlineData("3 minutes", 180_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("2 hours", 7_200_000)]
    [InlineData("1 hour", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1 day", 86_400_000)]
    [InlineData("2 days", 172_800_000)]
    [InlineData("5000 micros", 5)]
    [InlineData("1000 microsecond", 1)]
    [InlineData("5000000 ns", 5)]
    [InlineData("1000000 nanoseconds", 1)]
    [InlineData("1e3", 1_000)]
    [InlineData("0.25", 0.25)]
    [InlineData("infinite", -1)]
    [InlineData("Infinite", -1)]
    public void Times_have_units(string text, double milliseconds)
        => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Value(text).GetTimeSpan("a"));

    [Theory]
    [InlineData("-1")]
    [InlineData("-1s")]
    [InlineData("10 fortnights")]
    [InlineData("5us")]
    [InlineData("10 S")]
    [InlineData("s")]
    [InlineData(".5s")]
    [InlineData("1.s")]
    [InlineData("\"\"")]
    public void Other_times_are_refused(string text)
        => Assert.Throws<FormatException>(() => Value(text).GetTimeSpan("a"));

    [Fact]
    public void Infinite_is_refused_where_it_is_not_allowed()
        => Assert.Throws<FormatException>(() => Value("infinite").GetTimeSpan("a", null, allowInfinite: false));

    [Fact]
    public void Numbers_are_invariant()
    {
        Assert.Equal(-5, Value("-5").GetInt("a"));
        Assert.Equal(9_000_000_000, Value("9000000000").GetLong("a"));
        Assert.Equal(1.5f, Value("1.5").GetFloat("a"));
        Assert.Equal(1.5e-3, Value("1.5e-3").GetDouble("a"));
        Assert.Equal(1234.56m, Value("1234.56").GetDecimal("a"));
        Assert.Throws<FormatException>(() => Value("1.5").GetInt("a"));
        Assert.Throws<OverflowException>(() => Value("9000000000").GetInt("a"));
        Assert.Throws<FormatException>(() => Value("8 MiB").GetLong("a"));
    }

    [Fact]
    public void Lists_are_read_element_by_element()
    {
        Assert.Equal([1, 2], Value("[1, 2]").GetIntList("a"));
        Assert.Equal([1L, 2L], Value("[1, 2]").GetLongList("a"));
        Assert.Equal([1.5, 2], Value("[1.5, 2]").GetDoubleList("a"));
        Assert.Equal([1.5f, 2], Value("[1.5, 2]").GetFloatList("a"));
        Assert.Equal([1.5m, 2], Value("[1.5, 2]").GetDecimalList("a"));
        Assert.Equal([true, false], Value("[on, false]").GetBooleanList("a"));
        Assert.Equal(new byte[] { 1, 255 }, Value("[1, 255]").GetByteList("a"));
        Assert.Empty(Value("5").GetIntList("a"));
    }

    [Fact]
    public void A_missing_path_answers_the_default()
    {
        var config = Value("1");
        Assert.False(config.HasPath("b"));
        Assert.False(config.HasPath("a.b"));
        Assert.True(config.HasPath("a"));
        Assert.False(config.GetBoolean("b"));
        Assert.True(config.GetBoolean("b", true));
        Assert.Equal(0, config.GetInt("b"));
        Assert.Equal(7, config.GetInt("b", 7));
        Assert.Equal(0, config.GetLong("b"));
        Assert.Equal(0, config.GetDouble("b"));
        Assert.Null(config.GetString("b"));
        Assert.Equal("x", config.GetString("b", "x"));
        Assert.Null(config.GetByteSize("b"));
        Assert.Equal(5, config.GetByteSize("b", 5));
        Assert.Equal(TimeSpan.Zero, config.GetTimeSpan("b"));
        Assert.Equal(TimeSpan.FromSeconds(3), config.GetTimeSpan("b", TimeSpan.FromSeconds(3)));
        Assert.Null(config.GetConfig("b"));
        Assert.Null(config.GetValue("b"));
        Assert.Empty(config.GetStringList("b"));
        Assert.Equal(["y"], config.GetStringList("b", ["y"]));
        Assert.Throws<NullReferenceException>(() => config.GetIntList("b"));
    }

    private static Config Value(string text) => ConfigurationFactory.ParseString($"a = {text}\n");
}
