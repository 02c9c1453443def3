namespace UdsBroker.Client;

// What happens when a connection begins or ends: subscriptions are made again, waiting messages are sent, operations under way fail.
public sealed partial class UdsBrokerClient
{
    private ConnectionEnd? _lastEnd;

    /// <summary>
    /// Runs a connection from its WELCOME to its end: attach, resubscribe, raise Connected, wait, detach, raise Disconnected.
    /// </summary>
    private async Task<ConnectionEnd> RunConnectionAsync(Connection connection, CancellationToken stop)
    {
        using CancellationTokenRegistration stopping = stop.Register(connection.Dispose);
        Task<ConnectionEnd> running = Attach(connection, out Task resubscribed);
        bool wasUp = await Task.WhenAny(resubscribed, running).ConfigureAwait(false) == resubscribed && resubscribed.IsCompletedSuccessfully;
        if (wasUp) SetConnected(connection);
        ConnectionEnd end = await running.ConfigureAwait(false);
        bool willReconnect = _options.Reconnect.Enabled && end.MayReconnect && !stop.IsCancellationRequested;
        Detach(end, willReconnect, wasUp);
        return end;
    }

    private Task<ConnectionEnd> Attach(Connection connection, out Task resubscribed)
    {
        lock (_gate)
        {
            byte[] formerInbox = OwnInboxPrefix();
            _connection = connection;
            _server = connection.Server;
            byte[] opening = OutboundBuffer.Encode(writer =>
            {
                foreach (Subscription subscription in _subscriptions.Values.OrderBy(subscription => subscription.Sid)) WriteSubscribe(writer, subscription);
            });
            resubscribed = Outbound.Attach(connection.Sender, opening, formerInbox)?.Task ?? Task.CompletedTask;
        }

        return connection.RunAsync();
    }

    private void SetConnected(Connection connection)
    {
        bool isReconnect = _hasConnected;
        lock (_gate)
        {
            if (_phase == Phase.Closed) return;
            _phase = Phase.Connected;
            _hasConnected = true;
            _ready.TrySetResult(connection.Server);
        }

        Raise(() => Connected?.Invoke(new ConnectedEvent(connection.Server, isReconnect)));
    }

    private void Detach(ConnectionEnd end, bool willReconnect, bool wasUp)
    {
        _lastEnd = end;
        long inDoubt = Outbound.Detach(OwnInboxPrefix(), out Fence[] abandoned);
        lock (_gate)
        {
            _connection = null;
            if (_phase == Phase.Connected)
            {
                _phase = Phase.Away;
                _ready = NewReady();
            }
        }

        foreach (Subscription subscription in _subscriptions.Values.Where(subscription => subscription.IsDraining))
        {
            subscription.FailDrain(new ConnectionLostException(
                end.Reason, $"The connection ended before all that waited for '{subscription.Pattern}' had come: {end.Message}", 0, end.Exception));
            Retire(subscription, tellBroker: false);
        }

        foreach (Fence fence in abandoned)
        {
            fence.TrySetException(Unconfirmed(end, inDoubt));
            _ = fence.Task.Exception;
        }

        _requests.FailAll(new ConnectionLostException(
            end.Reason,
            $"The connection ended before an answer came: {end.Message}. The request may or may not have been served; it is not sent again.",
            inDoubt,
            end.Exception));
        // Messages that waited for the connection were sent on it before it was up.
        if (wasUp || inDoubt > 0) Raise(() => Disconnected?.Invoke(new DisconnectedEvent(end.Reason, end.Message, end.Exception, willReconnect, inDoubt)));
    }
}
