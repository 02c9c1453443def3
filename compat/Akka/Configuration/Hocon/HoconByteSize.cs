using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Reads numbers of bytes such as <c>64k</c>, <c>8 MiB</c> and <c>10 MB</c>. Units are case-sensitive: there is no <c>KB</c>.</summary>
internal static class HoconByteSize
{
    /// <returns>The number of bytes, or null for null and for an empty text.</returns>
    /// <exception cref="FormatException">The text is not a whole number, or its unit is unknown.</exception>
    internal static long? Parse(string text)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        var unitAt = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        if (unitAt == 0)
            throw new FormatException($"{text} is not a number of bytes");

        var factor = Factor(text.AsSpan(unitAt).Trim());
        return checked(factor * long.Parse(text.AsSpan(0, unitAt), NumberFormatInfo.InvariantInfo));
    }

    private static long Factor(ReadOnlySpan<char> unit) => unit switch
    {
        "" or "b" or "B" or "byte" or "bytes" => 1,
        "kB" or "kilobyte" or "kilobytes" => 1000,
        "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
        "MB" or "megabyte" or "megabytes" => 1000_000,
        "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
        "GB" or "gigabyte" or "gigabytes" => 1000_000_000,
        "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
        "TB" or "terabyte" or "terabytes" => 1000_000_000_000,
        "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
        "PB" or "petabyte" or "petabytes" => 1000_000_000_000_000,
        "P" or "p" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
        "EB" or "exabyte" or "exabytes" => 1000_000_000_000_000_000,
        "E" or "e" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => 1L << 60,
        _ => throw new FormatException($"{unit} is not a unit of bytes"),
    };
}
