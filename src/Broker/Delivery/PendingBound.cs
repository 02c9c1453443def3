namespace UdsBroker.Broker.Delivery;

/// <summary>How much may wait for a subscription before its overflow policy acts: what is crossed first counts.</summary>
/// <param name="Bytes">Bytes of whole frames.</param>
/// <param name="Messages">Messages.</param>
internal readonly record struct PendingBound(long Bytes, long Messages);
