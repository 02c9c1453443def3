using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>The bounds of an outbox. Everything above the high watermark waits in the backlogs of the subscriptions.</summary>
/// <param name="HighWatermark">Bytes in the connection's queue at which runs go to the backlogs instead.</param>
/// <param name="LowWatermark">Bytes in the connection's queue below which the backlogs are served again.</param>
/// <param name="Wire">The limits frames were scanned with.</param>
/// <param name="MaxPacket">The most bytes of one packet; <see cref="int.MaxValue"/> on a stream, which has none.</param>
internal sealed record OutboxLimits(int HighWatermark, int LowWatermark, Limits Wire, int MaxPacket = int.MaxValue)
{
    /// <summary>The most bytes of PUBLISH frames that fit one packet after a DELIVER with this many sids.</summary>
    internal int LargestRun(int sids) => MaxPacket - FrameWriter.MaxDeliverHeader(sids);

    /// <summary>The unanswered requests that are remembered; 0 remembers none.</summary>
    internal int MaxOpenRequests { get; init; }
}
