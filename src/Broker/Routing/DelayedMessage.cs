using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>A delayed message, in memory of its own. The code that takes it out of the store releases it.</summary>
/// <param name="slab">The memory, with one reference that passes to this.</param>
/// <param name="length">The bytes of the whole frame, from the start of the memory.</param>
/// <param name="account">Its publisher, which may be gone by then.</param>
/// <param name="deadline">When it expires; 0 is never.</param>
/// <param name="isRetained">Whether it is to be retained when it is routed.</param>
internal sealed class DelayedMessage(Slab slab, int length, PublisherAccount account, long deadline, bool isRetained)
{
    internal int Length => length;

    /// <summary>The user it is charged to.</summary>
    internal uint? Uid => account.Uid;

    internal bool IsRetained => isRetained;

    internal Run Run => new(slab, 0, length, 1, account, new RunTraits(default, deadline));

    internal void Release() => slab.Release();
}
