using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Load;

/// <summary>What one connection takes of its user's share: one connection, and the bytes that are held for it.</summary>
/// <param name="user">The share of its user.</param>
internal sealed class ConnectionShare(UserShare user)
{
    internal UserShare User => user;

    /// <summary>The bytes that are held for the connection, which count for its user and for the broker, too.</summary>
    internal MemoryMeter Memory { get; } = new(user.Memory, long.MaxValue);

    /// <summary>Set when the connection was told to end because the broker holds too much: its bytes will be released soon.</summary>
    internal bool IsShed { get; set; }

    /// <summary>Whether it was shed already at the last check of shed connections.</summary>
    internal bool WasShedAtLastCheck { get; set; }
}
