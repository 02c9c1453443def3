using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// Consecutive PUBLISH frames of one publisher, whole, in one slab, that go to the same recipients: the unit of routing.
/// It borrows the slab; whoever keeps the bytes retains it.
/// </summary>
internal readonly ref struct Run(Slab slab, int start, int length, uint count, PublisherAccount account)
{
    internal Slab Slab { get; } = slab;

    internal int Start { get; } = start;

    internal int Length { get; } = length;

    /// <summary>How many messages the bytes hold.</summary>
    internal uint Count { get; } = count;

    internal PublisherAccount Account { get; } = account;

    internal ReadOnlySpan<byte> Bytes => Slab.Bytes.AsSpan(Start, Length);

    /// <summary>The first <paramref name="messages"/> messages, of which the caller knows the length.</summary>
    internal Run Head(uint messages, int length) => new(Slab, Start, length, messages, Account);

    /// <summary>One message of it, of which the caller knows the place.</summary>
    internal Run One(int offset, int length) => new(Slab, Start + offset, length, 1, Account);

    /// <summary>All but the first <paramref name="messages"/> messages, of which the caller knows the length.</summary>
    internal Run Tail(uint messages, int length) => new(Slab, Start + length, Length - length, Count - messages, Account);
}
