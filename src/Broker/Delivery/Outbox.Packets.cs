namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Splits runs that are larger than a packet between messages, on a connection that preserves packets. A message that alone does not fit a
/// packet is dropped for this recipient, and reported as missed at its place.
/// </summary>
internal sealed partial class Outbox
{
    private void PlaceByPackets(Subscription subscription, in Run run, HoldingSubscriptions holding)
    {
        var largest = limits.LargestRun(1);
        var left = run;
        while (left.Count > 0)
        {
            var length = FrameCut.AtMost(left.Bytes, largest, left.Count, limits.Wire, out var count);
            if (count > 0) Place(subscription, left.Head(count, length), holding);
            else
            {
                length = TooLarge(left.Bytes, largest, out count);
                Skip(subscription, left.Head(count, length));
            }

            left = left.Tail(count, length);
        }
    }

    // The length of the first messages that are each too large, and their number.
    private int TooLarge(ReadOnlySpan<byte> run, int largest, out uint count)
    {
        var length = 0;
        for (count = 0; length < run.Length; count++)
        {
            var frame = FrameCut.Head(run[length..], limits.Wire).Length;
            if (frame <= largest) break;
            length += frame;
        }

        return length;
    }

    // The gap is placed after what waits, and needs room as a message does, but no credit.
    private void Skip(Subscription subscription, in Run run)
    {
        var backlog = subscription.Backlog ?? Begin(subscription);
        backlog.Skip(run);
        TakeTurn(backlog);
        Refill();
    }
}
