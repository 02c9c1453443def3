using System.Globalization;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// Sizes and durations as people write them in settings, read strictly: a number, an optional space, a unit of HOCON, and nothing else. The
/// runtime's own reading of HOCON lets unknown units and missing numbers pass as defaults, which hides mistakes.
/// </summary>
internal static class SettingsText
{
    private static readonly Dictionary<string, long> SizeUnits = new(StringComparer.Ordinal)
    {
        [""] = 1,
        ["B"] = 1,
        ["byte"] = 1,
        ["bytes"] = 1,
        ["kB"] = 1000,
        ["MB"] = 1000_000,
        ["GB"] = 1000_000_000,
        ["TB"] = 1000_000_000_000,
        ["PB"] = 1000_000_000_000_000,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
        ["PiB"] = 1L << 50,
        ["K"] = 1L << 10,
        ["k"] = 1L << 10,
        ["M"] = 1L << 20,
        ["m"] = 1L << 20,
        ["G"] = 1L << 30,
        ["g"] = 1L << 30,
        ["T"] = 1L << 40,
        ["t"] = 1L << 40,
        ["P"] = 1L << 50,
        ["p"] = 1L << 50,
    };

    private static readonly Dictionary<string, long> DurationUnits = new(StringComparer.Ordinal)
    {
        ["us"] = TimeSpan.TicksPerMicrosecond,
        ["ms"] = TimeSpan.TicksPerMillisecond,
        ["s"] = TimeSpan.TicksPerSecond,
        ["second"] = TimeSpan.TicksPerSecond,
        ["seconds"] = TimeSpan.TicksPerSecond,
        ["m"] = TimeSpan.TicksPerMinute,
        ["minute"] = TimeSpan.TicksPerMinute,
        ["minutes"] = TimeSpan.TicksPerMinute,
        ["h"] = TimeSpan.TicksPerHour,
        ["hour"] = TimeSpan.TicksPerHour,
        ["hours"] = TimeSpan.TicksPerHour,
    };

    /// <summary>A size in bytes, or null when it is none.</summary>
    public static long? ParseSize(string text) => (long?)Parse(text, SizeUnits);

    /// <summary>A duration, or null when it is none. A number without a unit is none.</summary>
    public static TimeSpan? ParseDuration(string text) =>
        Parse(text, DurationUnits) is { } ticks ? TimeSpan.FromTicks((long)ticks) : null;

    /// <summary>The number of a user or group, or null when it is none.</summary>
    public static uint? ParseId(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != uint.MaxValue ? id : null;

    /// <summary>A size in the largest unit of 1024 that divides it.</summary>
    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 50 when bytes % (1L << 50) == 0 => $"{bytes >> 50} PiB",
        >= 1L << 40 when bytes % (1L << 40) == 0 => $"{bytes >> 40} TiB",
        >= 1L << 30 when bytes % (1L << 30) == 0 => $"{bytes >> 30} GiB",
        >= 1L << 20 when bytes % (1L << 20) == 0 => $"{bytes >> 20} MiB",
        >= 1L << 10 when bytes % (1L << 10) == 0 => $"{bytes >> 10} KiB",
        _ => $"{bytes} B",
    };

    /// <summary>A duration in the largest unit that divides it.</summary>
    public static string Duration(TimeSpan duration) => duration.Ticks switch
    {
        0 => "0s",
        var t when t % TimeSpan.TicksPerHour == 0 => $"{t / TimeSpan.TicksPerHour}h",
        var t when t % TimeSpan.TicksPerMinute == 0 => $"{t / TimeSpan.TicksPerMinute}m",
        var t when t % TimeSpan.TicksPerSecond == 0 => $"{t / TimeSpan.TicksPerSecond}s",
        var t when t % TimeSpan.TicksPerMillisecond == 0 => $"{t / TimeSpan.TicksPerMillisecond}ms",
        var t => $"{t / TimeSpan.TicksPerMicrosecond}us",
    };

    private static decimal? Parse(string text, Dictionary<string, long> units)
    {
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            digits++;
        if (!decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        if (!units.TryGetValue(text[digits..].Trim(), out var unit))
            return null;
        try
        {
            var product = decimal.Truncate(number * unit);
            return product <= long.MaxValue ? product : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
