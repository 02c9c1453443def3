using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The orderly ways out. Dispose has what was published routed, says goodbye and closes; drain lets the readers finish before.
public sealed partial class UdsBrokerClient
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(5);
    private Task? _disposing;

    /// <summary>
    /// Ends the client without losing anything on the way: ends every subscription on the broker's side, waits until their readers have read everything
    /// that had come, has everything published routed, and closes. Publishing stays possible until the readers are done, so that they can answer.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for readers and broker; the client is closed anyway.</param>
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            Subscription[] subscriptions = [.. _subscriptions.Values];
            foreach (Subscription subscription in subscriptions) await subscription.DrainAsync(cancellationToken).ConfigureAwait(false);
            while (subscriptions.Any(subscription => subscription.HasUnread))
                await Task.Delay(DrainPoll, _options.Time, cancellationToken).ConfigureAwait(false);
            if (IsConnected) await FlushAsync(cancellationToken).ConfigureAwait(false);
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

    private async Task DoDisposeAsync()
    {
        Outbound.Close();
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
