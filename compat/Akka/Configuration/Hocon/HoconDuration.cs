using System.Buffers;
using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Reads times such as <c>10s</c>, <c>500 ms</c> and <c>infinite</c>.</summary>
internal static class HoconDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <exception cref="FormatException">The text is not a time, or negative.</exception>
    internal static TimeSpan Parse(string text, bool allowInfinite)
    {
        ArgumentNullException.ThrowIfNull(text);
        var unitAt = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        if (unitAt > 0 && IsPlainNumber(text.AsSpan(0, unitAt)) && FromUnit(text, unitAt) is { } time)
            return time;

        if (allowInfinite && text.Equals("infinite", StringComparison.OrdinalIgnoreCase))
            return Timeout.InfiniteTimeSpan;

        var milliseconds = double.Parse(text, NumberFormatInfo.InvariantInfo);
        return milliseconds >= 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new FormatException($"{text} is negative; a time must not be");
    }

    private static bool IsPlainNumber(ReadOnlySpan<char> text)
        => char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1]) && text.Count('.') <= 1;

    private static TimeSpan? FromUnit(string text, int unitAt)
    {
        var value = double.Parse(text.AsSpan(0, unitAt), NumberFormatInfo.InvariantInfo);
        return text.AsSpan(unitAt).TrimStart() switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => Ticks(value / TimeSpan.NanosecondsPerTick),
            "micro" or "micros" or "microsecond" or "microseconds" => Ticks(value * TimeSpan.TicksPerMicrosecond),
            "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.FromMilliseconds(value),
            "s" or "second" or "seconds" => TimeSpan.FromSeconds(value),
            "m" or "minute" or "minutes" => TimeSpan.FromMinutes(value),
            "h" or "hour" or "hours" => TimeSpan.FromHours(value),
            "d" or "day" or "days" => TimeSpan.FromDays(value),
            _ => null,
        };
    }

    private static TimeSpan Ticks(double ticks) => TimeSpan.FromTicks((long)Math.Round(ticks));
}
