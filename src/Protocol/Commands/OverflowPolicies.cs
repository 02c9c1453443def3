using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Protocol;

/// <summary>
/// The texts by which the wire, the settings and the command line name an <see cref="OverflowPolicy"/>. The one list of them.
/// </summary>
public static class OverflowPolicies
{
    private static readonly string[] Texts = ["block", "drop-oldest", "drop-newest", "latest", "disconnect"];

    /// <summary>All texts in the order of the enum, for messages that say what is allowed.</summary>
    public static IReadOnlyList<string> AllTexts => Texts;

    /// <summary>The text of a policy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum.</exception>
    public static string ToText(this OverflowPolicy policy) =>
        (int)policy < Texts.Length ? Texts[(int)policy] : throw new ArgumentOutOfRangeException(nameof(policy), policy, null);

    /// <summary>The policy of a text; the comparison is exact.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out OverflowPolicy policy)
    {
        int index = Array.IndexOf(Texts, text);
        policy = index < 0 ? default : (OverflowPolicy)index;
        return index >= 0;
    }
}
