using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Protocol;

/// <summary>
/// The words by which presence, statistics and the command line name a <see cref="CloseReason"/>: what people say of the peer, such as
/// <c>crashed</c>. The one list of them. PROTOCOL.md, "Close reasons".
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

    /// <summary>Every reason that has a word, in the order of the numbers.</summary>
    public static IEnumerable<CloseReason> All => Enumerable.Range(1, Texts.Length - 1).Select(number => (CloseReason)number);

    /// <summary>The word for a reason; its number as text when this build does not know it.</summary>
    public static string ToText(this CloseReason reason) =>
        (byte)reason < Texts.Length && Texts[(byte)reason] is { } text ? text : ((byte)reason).ToString(provider: null);

    /// <summary>The reason of a word; the comparison is exact.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CloseReason reason)
    {
        int number = text is null ? -1 : Array.IndexOf(Texts, text);
        reason = number < 0 ? CloseReason.None : (CloseReason)number;
        return number >= 0;
    }
}
