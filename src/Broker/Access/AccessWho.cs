namespace UdsBroker.Broker.Access;

/// <summary>
/// The peers that a rule applies to: every condition has to hold, and each holds if one of its values matches. A null condition is absent.
/// The peer's user has to be known in any case, unless the rule names the unknown user.
/// </summary>
/// <param name="Uids">Users.</param>
/// <param name="UnknownUid">Also the user whom the kernel cannot name; only together with <paramref name="Uids"/>.</param>
/// <param name="Gids">Groups, primary or supplementary.</param>
/// <param name="Executables">Paths of programs.</param>
/// <param name="Units">Names of systemd units.</param>
internal sealed record AccessWho(
    IReadOnlyList<uint>? Uids = null,
    bool UnknownUid = false,
    IReadOnlyList<uint>? Gids = null,
    IReadOnlyList<string>? Executables = null,
    IReadOnlyList<string>? Units = null)
{
    /// <summary>Everybody whose user is known.</summary>
    internal static readonly AccessWho Anyone = new();

    internal Certainty Includes(AccessPeer peer)
    {
        var user = IncludesUser(peer);
        var groups = IncludesGroups(peer);
        var executable = IncludesText(Executables, peer.Executable);
        var unit = IncludesText(Units, peer.Unit);
        return (Certainty)Math.Min(Math.Min((byte)user, (byte)groups), Math.Min((byte)executable, (byte)unit));
    }

    private Certainty IncludesUser(AccessPeer peer)
    {
        if (peer.Uid is not { } uid) return UnknownUid ? Certainty.Yes : Certainty.Unknown;
        return Uids is null || Uids.Contains(uid) ? Certainty.Yes : Certainty.No;
    }

    private Certainty IncludesGroups(AccessPeer peer)
    {
        if (Gids is null || peer.Gids.Any(Gids.Contains)) return Certainty.Yes;
        return peer.HasUnknownGroups ? Certainty.Unknown : Certainty.No;
    }

    private static Certainty IncludesText(IReadOnlyList<string>? wanted, string? text)
    {
        if (wanted is null) return Certainty.Yes;
        if (text is null) return Certainty.Unknown;
        return wanted.Contains(text, StringComparer.Ordinal) ? Certainty.Yes : Certainty.No;
    }
}
