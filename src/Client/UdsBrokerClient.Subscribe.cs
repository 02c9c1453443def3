using System.Buffers;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The table of subscriptions lives in the client, not in a connection: each new connection is opened with all of them.
public sealed partial class UdsBrokerClient
{
    /// <summary>
    /// Subscribes, and completes when the subscription is active: a message published anywhere after that is received.
    /// </summary>
    /// <param name="pattern">A subject; <c>*</c> stands for exactly one token, <c>&gt;</c> at the end for one or more.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the wait, and the subscription with it.</param>
    /// <exception cref="FormatException">The pattern breaks the rules of patterns.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    /// <exception cref="SubscriptionRefusedException">The broker refused it.</exception>
    /// <exception cref="UdsBrokerException">The connection could not be made, or the client has ended.</exception>
    public async ValueTask<Subscription> SubscribeAsync(string pattern, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        RequireSession();
        options ??= new SubscriptionOptions();
        options.Validate();
        await ConnectAsync(cancellationToken).ConfigureAwait(false);
        Subscription subscription = new(this, (uint)Interlocked.Increment(ref _lastSid), SubjectPattern.Parse(pattern, Limits), pattern, options, _options);
        Fence? fence = Register(subscription);
        try
        {
            await ActivateAsync(subscription, fence, cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Messages were read: gives the broker the credit that is due for them, as one step, so that on a new connection they are either in what SUBSCRIBE asks
    /// for or in a CREDIT behind it.
    /// </summary>
    internal void GrantFor(Subscription subscription, long messages)
    {
        lock (_gate)
        {
            long credit = subscription.CreditFor(messages);
            if (credit == 0 || !_subscriptions.ContainsKey(subscription.Sid)) return;
            Span<byte> frame = stackalloc byte[FrameWriter.MaxCreditBytes];
            Outbound.AddControl(frame[..FrameWriter.WriteCredit(frame, subscription.Sid, (ulong)credit)]);
        }
    }

    /// <summary>Tells the broker that a subscription wants so many messages and no more.</summary>
    internal void Limit(Subscription subscription, long max)
    {
        lock (_gate)
        {
            if (_subscriptions.ContainsKey(subscription.Sid)) Outbound.AddControl(Unsubscribe(subscription.Sid, (ulong)max));
        }
    }

    /// <summary>Ends a subscription on this side and, if it was not ended before, on the broker's.</summary>
    internal void Retire(Subscription subscription, bool tellBroker, Exception? fault = null)
    {
        lock (_gate)
        {
            if (ReferenceEquals(subscription, _inbox)) _isInboxOpen = false;
            if (_subscriptions.TryRemove(subscription.Sid, out _) && tellBroker) Outbound.AddControl(Unsubscribe(subscription.Sid, null));
        }

        subscription.End(fault);
    }

    /// <summary>
    /// Asks the broker to end a subscription after sending everything that is queued for it, and waits until all of that has come. For the inbox, which the
    /// broker does not know as a subscription, a fence is enough: what is queued comes before its PONG.
    /// </summary>
    internal async ValueTask DrainAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        Fence? fence;
        bool isInbox;
        lock (_gate)
        {
            isInbox = _isInboxOpen && ReferenceEquals(subscription, _inbox);
            if (!isInbox && !_subscriptions.ContainsKey(subscription.Sid)) return;
            bool needsCredit = subscription.BeginDrain();
            fence = isInbox ? Outbound.AddFence(FenceUse.Other, out _) : Outbound.AddWithFence(OutboundBuffer.Encode(writer => WriteDrain(writer, subscription.Sid, needsCredit)));
        }

        if (fence is null)
            throw new ConnectionLostException(CloseReason.PeerGone, $"There is no connection: what the broker held for '{subscription.Pattern}' is lost, and the subscription has ended.", 0);
        await fence.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!isInbox) await subscription.Drained.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Unsubscribe(uint sid, ulong? max) => OutboundBuffer.Encode(writer => FrameWriter.Write(writer, new UnsubscribeCommand(sid, max)));

    // What the broker has queued is bounded there, so all of it may come.
    private static void WriteDrain(IBufferWriter<byte> writer, uint sid, bool needsCredit)
    {
        if (needsCredit) FrameWriter.Write(writer, new CreditCommand(sid, long.MaxValue));
        FrameWriter.Write(writer, new UnsubscribeCommand(sid, Max: null, Drain: true));
    }

    private static void WriteSubscribe(IBufferWriter<byte> writer, Subscription subscription)
    {
        FrameWriter.Write(writer, subscription.ToCommand());
        if (subscription.MessagesLeft is { } left) FrameWriter.Write(writer, new UnsubscribeCommand(subscription.Sid, left));
    }

    /// <summary>
    /// Adds a subscription to the table and to the wire in one step, so that a reconnect in between neither forgets it nor makes it twice.
    /// </summary>
    private Fence? Register(Subscription subscription)
    {
        lock (_gate)
        {
            if (_phase == Phase.Closed) throw Closed();
            _subscriptions[subscription.Sid] = subscription;
            return Outbound.AddWithFence(OutboundBuffer.Encode(writer => WriteSubscribe(writer, subscription)));
        }
    }

    private async ValueTask ActivateAsync(Subscription subscription, Fence? fence, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (fence is not null) await fence.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                else await PassFenceAsync(FenceUse.Other, cancellationToken).ConfigureAwait(false);
                if (subscription.Refusal is { } refusal) throw refusal;
                subscription.IsActive = true;
                return;
            }
            catch (ConnectionLostException) when (_phase != Phase.Closed)
            {
                // The next connection makes the subscription again; wait for a fence on that one.
                fence = null;
            }
        }
    }
}
