using System.Globalization;

namespace UdsBroker.Broker.Access;

/// <summary>What an access decision rests on.</summary>
internal enum AccessGround : byte
{
    /// <summary>The first rule that matched.</summary>
    Rule,

    /// <summary>No rule matched; the setting <c>udsbroker.access.default</c>.</summary>
    Default,

    /// <summary>The subject is the broker's own or an inbox, to which the rules do not apply.</summary>
    Reserved,
}

/// <summary>An answer of the access rules, with its reason.</summary>
/// <param name="IsAllowed">The answer.</param>
/// <param name="Ground">What it rests on.</param>
/// <param name="Rule">The rule, when it is one.</param>
/// <param name="Witness">
/// When a pattern was refused: a part of it, itself a pattern, that the peer may not get. Null when it is the whole.
/// </param>
internal readonly record struct AccessDecision(bool IsAllowed, AccessGround Ground, AccessRule? Rule = null, string? Witness = null)
{
    /// <summary>The reason for people.</summary>
    internal string Because => Ground switch
    {
        AccessGround.Rule => string.Create(CultureInfo.InvariantCulture, $"rule {Rule!.Number} of udsbroker.access.rules"),
        AccessGround.Default => "no rule matches and udsbroker.access.default decides",
        _ => "the subject is reserved",
    };
}
