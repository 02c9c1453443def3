using System.Text;

namespace UdsBroker.Cli.Output;

/// <summary>
/// Text from others for a terminal: control characters are shown and not sent to it, since they could control it. These include U+0080 to
/// U+009F, which a subject may hold.
/// </summary>
internal static class TerminalText
{
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) && rune.Value != '\t') escaped.Append(null, $"\\u{rune.Value:x4}");
            else escaped.Append(rune.ToString());
        }

        return escaped.ToString();
    }

    /// <summary>As the other overload, but line ends are kept.</summary>
    internal static string EscapeLines(string text) => string.Join('\n', text.Split('\n').Select(Escape));
}
