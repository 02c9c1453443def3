namespace UdsBroker.Broker.Access;

/// <summary>
/// All that rules can ask of a peer, as the kernel said it when the peer connected. Nothing of it comes from a frame, and nothing of it
/// changes while the connection lives.
/// </summary>
internal sealed record AccessPeer
{
    /// <summary>The effective user, or null when the kernel cannot name it here.</summary>
    internal uint? Uid { get; init; }

    /// <summary>The primary and the supplementary groups that the kernel can name.</summary>
    internal IReadOnlyList<uint> Gids { get; init; } = [];

    /// <summary>True when the peer is in groups that the kernel cannot name here.</summary>
    internal bool HasUnknownGroups { get; init; }

    /// <summary>The path of its program, or null when unknown.</summary>
    internal string? Executable { get; init; }

    /// <summary>The systemd unit of the system manager it runs in, empty when it is in none, null when unknown.</summary>
    internal string? Unit { get; init; }

    /// <summary>Whether rules can tell the two apart: not if all that they can ask is the same.</summary>
    public bool Equals(AccessPeer? other) => other is not null
        && Uid == other.Uid && HasUnknownGroups == other.HasUnknownGroups && Executable == other.Executable && Unit == other.Unit && Gids.SequenceEqual(other.Gids);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Uid, Gids.Count > 0 ? Gids[0] : null as uint?, Executable, Unit);

    /// <summary>The peer for people.</summary>
    public override string ToString() => Uid is { } uid ? $"uid {uid}" : "an unknown user";
}
