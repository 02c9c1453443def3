using System.CommandLine;
using System.Globalization;

namespace UdsBroker.Cli.Options;

/// <summary>An option whose value is a number of bytes from 1 on, with a unit as in the broker's settings or without one.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1), ("", 1),
    ];

    internal static Option<long?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "size",
        CustomParser = ValueParser.Of(Read, "a size such as 65536, 64KiB or 1MB"),
    };

    private static long? Read(string text)
    {
        var (unit, bytes) = Units.First(each => text.EndsWith(each.Unit, StringComparison.Ordinal));
        var isNumber = long.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return isNumber && number >= 1 && number <= long.MaxValue / bytes ? number * bytes : null;
    }
}
