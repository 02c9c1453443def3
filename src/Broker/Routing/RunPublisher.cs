using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Routes frames that do not come through the stream of their sender's connection: the broker's own messages, last wills, delayed messages
/// that are due, and datagrams. It never waits: a subscription that would hold back its publishers drops messages instead, once it is
/// beyond its bound.
/// </summary>
/// <remarks>
/// Plain C#, not thread-safe: each user of this class has its own instance. The caller counts published and matched in the sender's
/// account; later drops are counted there as usual.
/// </remarks>
internal sealed class RunPublisher(RoutingTable table, SlabPool pool, Limits limits)
{
    private readonly SubjectCache _cache = new(table, limits, start: 0, access: null);
    private readonly HoldingSubscriptions _holding = new();
    private readonly List<Outbox> _toFlush = [];

    /// <summary>
    /// Routes one whole PUBLISH frame and sends it; returns the number of deliveries, 0 when its subject breaks the rules or is denied to
    /// the sender, or when it is beyond the limits.
    /// </summary>
    /// <param name="account">The sender, whose account counts drops.</param>
    /// <param name="frame">The frame to deliver; copied before the call returns.</param>
    internal ulong Publish(PublisherAccount account, ReadOnlySpan<byte> frame)
    {
        if (FrameScanner.Scan(frame, limits, out var head) != ScanResult.Done) return 0;
        var slab = CopyOf(frame);
        try
        {
            return Route(new Run(slab, 0, frame.Length, 1, account), head, retained: null);
        }
        finally
        {
            Flush();
            slab.Release();
        }
    }

    /// <summary>As <see cref="Publish"/>, but to a single subscription that has just begun, marked as a retained message.</summary>
    internal ulong PublishTo(Subscription subscription, PublisherAccount account, ReadOnlySpan<byte> frame)
    {
        if (!IsWithinLimits(frame)) return 0;
        var slab = CopyOf(frame);
        try
        {
            var recipient = new Recipient(subscription.Outbox, [subscription]);
            var run = new Run(slab, 0, frame.Length, 1, account, new RunTraits(DeliverFlags.Retained, 0));
            if (subscription.Outbox.Deliver(recipient, run, _holding, out var deliveries, out _)) _toFlush.Add(subscription.Outbox);
            return deliveries;
        }
        finally
        {
            Flush();
            slab.Release();
        }
    }

    /// <summary>
    /// As <see cref="Publish"/>, for a frame of a client whose headers may ask for more than routing. If they ask for something impossible,
    /// the frame is silently not routed. Unlike the others, this method counts published and matched in the sender's account itself.
    /// </summary>
    internal void PublishWithDirectives(PublisherAccount account, ReadOnlySpan<byte> frame, KeptMessages kept)
    {
        var slab = CopyOf(frame);
        try
        {
            RouteWithDirectives(new Run(slab, 0, frame.Length, 1, account), kept);
        }
        finally
        {
            Flush();
            slab.Release();
        }
    }

    /// <summary>
    /// As <see cref="PublishWithDirectives"/>, for frames of one subject in a slab of the caller; <see cref="Flush"/> sends them and has to
    /// follow.
    /// </summary>
    internal void RouteWithDirectives(in Run run, KeptMessages kept)
    {
        for (var at = 0; at < run.Length;)
        {
            var head = FrameCut.Head(run.Bytes[at..], limits);
            ApplyDirectives(run.One(at, head.Length), head, kept);
            at += head.Length;
        }
    }

    /// <summary>
    /// As <see cref="Publish"/>, for frames of one subject in a slab of the caller; <see cref="Flush"/> sends them and has to follow.
    /// </summary>
    /// <param name="run">One frame, if it is to be retained.</param>
    /// <param name="retained">Where to keep it as the last message of its subject, whatever its headers say; null for nowhere.</param>
    internal ulong Route(in Run run, RetainedStore? retained = null) => Route(run, FrameCut.Head(run.Bytes, limits), retained);

    /// <summary>Whether a frame that the broker made is within the limits. Clients close the connection on one that is not.</summary>
    internal bool IsWithinLimits(ReadOnlySpan<byte> frame) => FrameScanner.Scan(frame, limits, out _) == ScanResult.Done;

    /// <summary>Sends what was routed; subscriptions that would hold back their publishers drop what is beyond their bound.</summary>
    internal void Flush()
    {
        foreach (var subscription in _holding) subscription.Outbox.DropBeyondBound(subscription);
        _holding.Clear();
        foreach (var outbox in _toFlush) outbox.Flush();
        _toFlush.Clear();
    }

    private ulong Route(in Run run, in FrameHead head, RetainedStore? retained)
    {
        _cache.Refresh();
        var subject = run.Bytes.Slice(head.SubjectStart, head.SubjectLength);
        if (_cache.Find(subject) is not { } route || !run.Account.Access.MayPublish(subject)) return 0;
        if (retained is null) return route.Deliver(run, limits, _holding, _toFlush);
        retained.Publish(run, _cache, _holding, _toFlush, out var deliveries);
        return deliveries;
    }

    private void ApplyDirectives(in Run message, in FrameHead head, KeptMessages kept)
    {
        var subject = message.Bytes.Slice(head.SubjectStart, head.SubjectLength);
        if (!Directives.TryRead(message.Bytes.Slice(head.HeadersStart, head.HeadersLength), out var directives, out _)) return;
        if (kept.FindProblem(directives, subject) is not null || Subject.Validate(subject, limits) != SubjectFault.None) return;
        var run = message.With(kept.TraitsOf(directives));
        if (!(directives.Delay > 0)) message.Account.Routed(1, Route(run, head, directives.Retain ? kept.Retained : null));
        else if (kept.TryDelay(run, directives) == KeptRoom.Taken) message.Account.Routed(1, 0);
    }

    private Slab CopyOf(ReadOnlySpan<byte> frame)
    {
        var slab = pool.Rent(frame.Length);
        frame.CopyTo(slab.Bytes);
        return slab;
    }
}
