using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Requests;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Consecutive PUBLISH frames of one publisher, whole, in one slab, that go to the same recipients: the unit of routing.
/// It borrows the slab; code that keeps the bytes retains it.
/// </summary>
internal readonly ref struct Run(Slab slab, int start, int length, uint count, PublisherAccount account, RunTraits traits = default)
{
    internal Slab Slab { get; } = slab;

    internal int Start { get; } = start;

    internal int Length { get; } = length;

    /// <summary>How many messages the bytes hold.</summary>
    internal uint Count { get; } = count;

    internal PublisherAccount Account { get; } = account;

    /// <summary>Properties that all of these messages share.</summary>
    internal RunTraits Traits { get; } = traits;

    internal ReadOnlySpan<byte> Bytes => Slab.Bytes.AsSpan(Start, Length);

    /// <summary>The same messages, marked as containing requests.</summary>
    internal Run Asking(RequestMark mark) => new(Slab, Start, Length, Count, Account, Traits with { Request = mark });

    /// <summary>The first <paramref name="messages"/> messages, of which the caller knows the length.</summary>
    internal Run Head(uint messages, int length) => new(Slab, Start, length, messages, Account, Traits);

    /// <summary>One message of it, of which the caller knows the place.</summary>
    internal Run One(int offset, int length) => new(Slab, Start + offset, length, 1, Account, Traits);

    /// <summary>Some messages of it, of which the caller knows the place.</summary>
    internal Run Part(int offset, int length, uint messages) => new(Slab, Start + offset, length, messages, Account, Traits);

    /// <summary>The same messages with other traits.</summary>
    internal Run With(RunTraits others) => new(Slab, Start, Length, Count, Account, others);

    /// <summary>All but the first <paramref name="messages"/> messages, of which the caller knows the length.</summary>
    internal Run Tail(uint messages, int length) => new(Slab, Start + length, Length - length, Count - messages, Account, Traits);
}
