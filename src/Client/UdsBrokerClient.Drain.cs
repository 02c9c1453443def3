using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The orderly ways out. Dispose has what was published routed, says goodbye and closes; drain lets the readers finish before.
public sealed partial class UdsBrokerClient
{
    private Task? _disposing;

    /// <summary>
    /// Ends the client without losing anything on the way: ends every subscription on the broker's side, waits until their readers have read everything
    /// that had come and found the end, has everything published routed, and closes. Publishing stays possible until then, so that readers can answer. A
    /// reader that takes nothing for <see cref="UdsBrokerOptions.DrainTimeout"/> is not waited for any longer.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for readers and broker; the client is closed anyway.</param>
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            Subscription[] subscriptions = [.. _subscriptions.Values];
            foreach (Subscription subscription in subscriptions) await subscription.DrainAsync(cancellationToken).ConfigureAwait(false);
            await ReadersAsync(subscriptions, cancellationToken).ConfigureAwait(false);
            if (IsConnected && !IsPublishOnly) await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionLostException)
        {
            // What could be drained is drained.
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends the client: has what was published before routed, says goodbye and closes, all within <see cref="UdsBrokerOptions.DrainTimeout"/>. Subscriptions end;
    /// what waits in them can still be read. Later calls throw <see cref="ObjectDisposedException"/>; disposing again waits for the same end.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) return new ValueTask(_disposing ??= Task.Run(DoDisposeAsync));
    }

    private async Task ReadersAsync(Subscription[] subscriptions, CancellationToken cancellationToken)
    {
        Task finished = Task.WhenAll(subscriptions.Select(subscription => subscription.Finished));
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
        if (IsConnected && _options.DrainTimeout > TimeSpan.Zero) await SayGoodbyeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        _connection?.Dispose();
        await _running.ConfigureAwait(false);
        Close(by: null);
        _events.Complete();
        _stop.Dispose();
    }

    private async Task SayGoodbyeAsync()
    {
        using CancellationTokenSource limit = new(_options.DrainTimeout, _options.Time);
        try
        {
            if (Outbound.AddFence(FenceUse.Flush) is { } fence) await fence.Task.WaitAsync(limit.Token).ConfigureAwait(false);
            Outbound.AddControl(OutboundBuffer.Encode(writer => FrameWriter.Write(writer, new GoodbyeCommand(CloseReason.ClientClosed, ""))));
            await Outbound.WhenIdle().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or UdsBrokerException)
        {
            // The time is up, or there is nobody left to say it to.
        }
    }
}
