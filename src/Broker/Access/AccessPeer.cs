namespace UdsBroker.Broker.Access;

/// <summary>
/// Everything that rules can test about a peer, as the kernel reported it when the peer connected. None of it comes from a frame or changes
/// during the connection.
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

    /// <summary>True when rules cannot tell the two peers apart, because everything they can test is equal.</summary>
    public bool Equals(AccessPeer? other) => other is not null
        && Uid == other.Uid && HasUnknownGroups == other.HasUnknownGroups && Executable == other.Executable && Unit == other.Unit && Gids.SequenceEqual(other.Gids);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Uid, Gids.Count > 0 ? Gids[0] : null as uint?, Executable, Unit);

    /// <summary>The peer for people.</summary>
    public override string ToString() => Uid is { } uid ? $"uid {uid}" : "an unknown user";
}
