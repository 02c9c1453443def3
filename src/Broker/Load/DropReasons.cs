using System.Text;

namespace UdsBroker.Broker.Load;

/// <summary>The words by which statistics and metrics name a <see cref="DropReason"/>: its name in lower case, with hyphens.</summary>
internal static class DropReasons
{
    private static readonly string[] Texts = [.. Enum.GetNames<DropReason>().Select(ToWords)];

    /// <summary>Every reason.</summary>
    internal static IReadOnlyList<DropReason> All { get; } = Enum.GetValues<DropReason>();

    internal static string ToText(this DropReason reason) => Texts[(int)reason];

    private static string ToWords(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0) words.Append('-');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
