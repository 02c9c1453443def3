using UdsBroker.Broker.Load;
using UdsBroker.Broker.Requests;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>What sets messages apart from those that are simply published; the default value sets them apart in nothing.</summary>
/// <param name="Flags">What DELIVER says of them.</param>
/// <param name="Deadline">The moment of <see cref="IMonotonicClock"/> at which nobody wants them any more; 0 is never.</param>
internal readonly record struct RunTraits(DeliverFlags Flags, long Deadline)
{
    /// <summary>What remembers the requests among them; null when none of them is one.</summary>
    internal RequestMark? Request { get; init; }

    /// <summary>True when there is a moment at which they expire.</summary>
    internal bool CanExpire => Deadline != 0;

    /// <summary>True when that moment has come.</summary>
    internal bool IsExpiredAt(long now) => CanExpire && Deadline <= now;
}
