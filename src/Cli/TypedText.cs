using System.Text.Unicode;

namespace UdsBroker.Cli;

/// <summary>
/// The command line as it was typed. .NET reads it as UTF-8 and puts U+FFFD for whatever is not, so that other bytes would be published as something else than they
/// are, or another file would be looked for. They are refused instead.
/// </summary>
internal static class TypedText
{
    /// <summary>Says which argument of this process is not UTF-8; null when all are.</summary>
    internal static string? FindProblem(IEnumerable<string> arguments) => FindProblem(arguments, () => File.ReadAllBytes("/proc/self/cmdline"));

    /// <param name="arguments">As .NET has read them.</param>
    /// <param name="readTyped">Gives the bytes they were read from; asked only when there may be a problem.</param>
    internal static string? FindProblem(IEnumerable<string> arguments, Func<byte[]> readTyped) =>
        arguments.FirstOrDefault(each => each.Contains('\uFFFD', StringComparison.Ordinal)) is { } wrong && !Utf8.IsValid(readTyped())
            ? $"'{wrong}' is not UTF-8; a payload of other bytes comes from standard input"
            : null;
}
