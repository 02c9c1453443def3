using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Protocol;

/// <summary>
/// The names that presence, statistics and the command line use for a <see cref="CloseReason"/>, such as <c>crashed</c>. This is their only
/// list. PROTOCOL.md, "Close reasons".
/// </summary>
public static class CloseReasons
{
    private static readonly string?[] Texts =
    [
        null,
        "clean",
        "crashed",
        "broker-shutdown",
        "violation",
        "too-big",
        "handshake-timeout",
        "stale",
        "slow-consumer",
        "too-many-connections",
        "unsupported-version",
        "not-allowed",
        "kicked",
        "fault",
        "transport-error",
        "lame-duck",
        "listener-closed",
        "idle",
        "overloaded",
    ];

    /// <summary>Every reason that has a name, in the order of the numbers.</summary>
    public static IEnumerable<CloseReason> All => Enumerable.Range(1, Texts.Length - 1).Select(number => (CloseReason)number);

    /// <summary>The name of a reason; its number as text when this build does not know it.</summary>
    public static string ToText(this CloseReason reason) =>
        (byte)reason < Texts.Length && Texts[(byte)reason] is { } text ? text : ((byte)reason).ToString(provider: null);

    /// <summary>The reason with this name; the comparison is exact.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CloseReason reason)
    {
        int number = text is null ? -1 : Array.IndexOf(Texts, text);
        reason = number < 0 ? CloseReason.None : (CloseReason)number;
        return number >= 0;
    }
}
