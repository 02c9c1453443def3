using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Who is at the other end of a connection, and on which terms: the content of WELCOME (PROTOCOL.md) together with what the kernel says about the
/// process that listens. An immutable snapshot; the next connection has another.
/// </summary>
public sealed record ServerDescription
{
    /// <summary>The identity that the broker gave to this connection (UUID version 7).</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of the broker program.</summary>
    public required string Broker { get; init; }

    /// <summary>The version of the broker program.</summary>
    public required string BrokerVersion { get; init; }

    /// <summary>The version of the wire that was agreed.</summary>
    public required uint WireVersion { get; init; }

    /// <summary>The limits of sizes and counts that hold for this connection.</summary>
    public required Limits Limits { get; init; }

    /// <summary>The socket that was connected to.</summary>
    public required string Path { get; init; }

    /// <summary>The listening process as the kernel names it (SO_PEERCRED); <see langword="null"/> where the kernel does not say.</summary>
    public PeerCredentials? ServerCredentials { get; init; }

    /// <summary>This process as the kernel named it to the broker; <see langword="null"/> where the broker does not say.</summary>
    public PeerCredentials? OwnCredentials { get; init; }

    /// <summary>
    /// The supplementary groups of this process as the kernel named them to the broker, the first 256, without the primary one; empty when there are
    /// none or the broker does not say. The access rules are applied to these and to <see cref="OwnCredentials"/>.
    /// </summary>
    public IReadOnlyList<uint> OwnGroups { get; init; } = [];
}
