using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>Something kept that has a deadline and may be gone before it.</summary>
internal interface IExpiring
{
    /// <summary>The moment of <see cref="IMonotonicClock"/> at which it expires.</summary>
    long Deadline { get; }

    /// <summary>True when it is not kept any more.</summary>
    bool IsGone { get; }
}
