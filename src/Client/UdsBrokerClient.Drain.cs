using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The orderly ways out. Dispose has what was published routed, says goodbye and closes; drain lets the readers finish before.
public sealed partial class UdsBrokerClient
{
    private Task? _disposing;
    private long _publishesDropped;

    /// <summary>
    /// Ends the client without losing anything on the way: ends every subscription on the broker's side, and the inbox, waits until their readers have read
    /// everything that had come and found the end and the handlers of services have answered, has everything published routed, and closes. Publishing stays possible until
    /// then, so that readers can answer. It stops waiting for readers and handlers that make no progress for
    /// <see cref="UdsBrokerOptions.DrainTimeout"/>. When messages wait for a connection that is away, it waits for that just as long.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait for readers and broker; the client is closed anyway.</param>
    /// <exception cref="ConnectionLostException">
    /// Messages that were taken could not be sent (<see cref="ConnectionLostException.PublishesDropped"/>); the client is closed.
    /// </exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            Subscription[] subscriptions = _isInboxOpen ? [.. _subscriptions.Values, _inbox] : [.. _subscriptions.Values];
            foreach (Subscription subscription in subscriptions) await EndAsync(subscription, cancellationToken).ConfigureAwait(false);
            await ReadersAsync(subscriptions, cancellationToken).ConfigureAwait(false);
            if (Outbound.AddFence(FenceUse.Flush, out _) is { } fence) await fence.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionLostException)
        {
            // What was on the way is in doubt, as Disconnected tells; what is not, disposing sends.
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }

        if (Interlocked.Read(ref _publishesDropped) is > 0 and var dropped)
        {
            throw new ConnectionLostException(CloseReason.ClientClosed, NeverSent(dropped), 0, _closedBy) { PublishesDropped = dropped };
        }
    }

    /// <summary>
    /// Ends the client: has what was published before routed, says goodbye and closes, all within <see cref="UdsBrokerOptions.DrainTimeout"/>. When messages wait
    /// for a connection that is away, it waits for that; what is left when the time is up is counted in
    /// <see cref="DisconnectedEvent.PublishesDropped"/>. Subscriptions end; what waits in them can still be read. Later calls throw
    /// <see cref="ObjectDisposedException"/>; disposing again waits for the same end.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) return new ValueTask(_disposing ??= Task.Run(DoDisposeAsync));
    }

    private static async ValueTask EndAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            await subscription.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (UdsBrokerException)
        {
            // What had not come will not come; what had come can be read.
        }
    }

    private async Task ReadersAsync(Subscription[] subscriptions, CancellationToken cancellationToken)
    {
        Task finished = Task.WhenAll([.. subscriptions.Select(subscription => subscription.Finished), .. _services.Values]);
        long unread = long.MaxValue;
        while (!finished.IsCompleted && subscriptions.Sum(subscription => subscription.Unread) is var left && left < unread)
        {
            unread = left;
            using CancellationTokenSource progress = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(finished, Task.Delay(_options.DrainTimeout, _options.Time, progress.Token)).ConfigureAwait(false);
            await progress.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task DoDisposeAsync()
    {
        Outbound.Close();
        if (_datagrams is { } datagrams) await CloseDatagramsAsync(datagrams).ConfigureAwait(false);
        else await SayGoodbyeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        _connection?.Dispose();
        await _running.ConfigureAwait(false);
        Close(by: null);
        _events.Complete();
        _stop.Dispose();
    }

    /// <summary>
    /// GOODBYE is written also when the time is up: without it the broker would publish the last will. It is sent then if the socket takes it at once.
    /// </summary>
    private async Task SayGoodbyeAsync()
    {
        using CancellationTokenSource limit = new(_options.DrainTimeout, _options.Time);
        try
        {
            while (Outbound.MayHaveUnrouted)
            {
                if (await TryFlushAsync(limit.Token).ConfigureAwait(false)) break;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or UdsBrokerException)
        {
            // The time is up, or there is nobody left.
        }

        Outbound.AddControl(OutboundBuffer.Encode(writer => FrameWriter.Write(writer, new GoodbyeCommand(CloseReason.ClientClosed, ""))), isLast: true);
        try
        {
            await Outbound.WhenIdle().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The broker does not read.
        }
    }

    /// <summary>False when the connection was lost meanwhile, so that what is left has to wait for the next.</summary>
    private async ValueTask<bool> TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PassFenceAsync(FenceUse.Flush, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ConnectionLostException) when (_phase != Phase.Closed)
        {
            return false;
        }
    }

    /// <summary>When the client has ended: reports the messages that it accepted and will never send.</summary>
    private void DropWaiting(Exception? closedBy)
    {
        long dropped = Outbound.Abandon();
        if (dropped == 0) return;
        Interlocked.Add(ref _publishesDropped, dropped);
        CloseReason reason = closedBy is null ? CloseReason.ClientClosed : (closedBy as UdsBrokerException)?.Reason ?? CloseReason.None;
        Raise(() => Disconnected?.Invoke(new DisconnectedEvent(reason, NeverSent(dropped), closedBy, WillReconnect: false, PublishesInDoubt: 0, dropped)));
    }

    private static string NeverSent(long dropped) => $"The client has ended while the connection was away: {dropped} publishes that waited for it were never sent.";
}
