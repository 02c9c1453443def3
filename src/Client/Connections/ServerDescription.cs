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

    /// <summary>What a client can hit: sizes and counts.</summary>
    public required Limits Limits { get; init; }

    /// <summary>The socket that was connected to.</summary>
    public required string Path { get; init; }

    /// <summary>The listening process as the kernel names it (SO_PEERCRED); <see langword="null"/> where the kernel does not say.</summary>
    public PeerCredentials? ServerCredentials { get; init; }

    /// <summary>This process as the kernel named it to the broker; <see langword="null"/> where the broker does not say.</summary>
    public PeerCredentials? OwnCredentials { get; init; }

    /// <summary>
    /// The supplementary groups of this process as the kernel named them to the broker, the first 256, without the primary one; empty when there are
    /// none or the broker does not say. By these and <see cref="OwnCredentials"/> the rules of access decide.
    /// </summary>
    public IReadOnlyList<uint> OwnGroups { get; init; } = [];
}

/// <summary>A process as the kernel named it when the connection was made (struct ucred of unix(7)).</summary>
/// <param name="ProcessId">The process id; 0 when the process lives in a namespace that cannot be seen. A label, never an authorization.</param>
/// <param name="UserId">The uid; <see cref="UnknownId"/> when the kernel cannot name the user here.</param>
/// <param name="GroupId">The primary gid; <see cref="UnknownId"/> as for the uid.</param>
public readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    /// <summary>The kernel's placeholder for a user or group that it cannot name here, 65534 (<c>/proc/sys/kernel/overflowuid</c>).</summary>
    public const uint UnknownId = 65534;
}
