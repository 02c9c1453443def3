using UdsBroker.Broker.Load;
using UdsBroker.Broker.Requests;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>Special properties that all messages of a run share; the default value has none.</summary>
/// <param name="Flags">What DELIVER says of them.</param>
/// <param name="Deadline">The time of <see cref="IMonotonicClock"/> at which they expire; 0 means never.</param>
internal readonly record struct RunTraits(DeliverFlags Flags, long Deadline)
{
    /// <summary>Tracks the requests among them; null when there are none.</summary>
    internal RequestMark? Request { get; init; }

    /// <summary>True when they have a deadline.</summary>
    internal bool CanExpire => Deadline != 0;

    /// <summary>True when the deadline has passed.</summary>
    internal bool IsExpiredAt(long now) => CanExpire && Deadline <= now;
}
