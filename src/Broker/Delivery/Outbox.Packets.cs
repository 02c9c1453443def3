namespace UdsBroker.Broker.Delivery;

/// <summary>
/// What a connection that keeps packets does with runs larger than one: they are cut between messages. A message that alone fits no packet is
/// dropped for this recipient, where it would have stood, and told like any other loss.
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

    // The gap has its place behind what waits, and needs room as a message does, but no credit.
    private void Skip(Subscription subscription, in Run run)
    {
        var backlog = subscription.Backlog ?? Begin(subscription);
        backlog.Skip(run);
        TakeTurn(backlog);
        Refill();
    }
}
