using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// One task runs the client from its first connect to its end:
//
//   Idle --first use--> Connecting --welcome--> Connected --lost--> Away --welcome--> Connected ...
//     ^--first failure------/                       \--dispose, or no way back------> Closed
//
// _ready is the promise of a connection: fulfilled while Connected, open while Connecting or Away, failed when Closed.
// Disposing waits for the task that runs when it begins. So none is started after that.
public sealed partial class UdsBrokerClient
{
    private enum Phase : byte
    {
        Idle,
        Connecting,
        Connected,
        Away,
        Closed,
    }

    private volatile Phase _phase;
    private volatile bool _hasConnected;
    private TaskCompletionSource<ServerDescription> _ready = NewReady();
    private ServerDescription? _server;
    private Connection? _connection;
    private Task _running = Task.CompletedTask;
    private Exception? _closedBy;

    /// <summary>
    /// Connects, or waits until the client is connected (again). Not needed before publishing or subscribing, which connect by themselves; useful to
    /// find out early whether the broker is there.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait; an attempt under way goes on for others.</param>
    /// <exception cref="ConnectFailedException">The first connect failed; another call tries again.</exception>
    /// <exception cref="ConnectionLostException">The client has ended: it lost its connection and may not or can not come back.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public ValueTask ConnectAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        if (_datagrams is null) return _phase == Phase.Connected ? ValueTask.CompletedTask : new ValueTask(ConnectedAsync(cancellationToken));
        _datagrams.Connect();
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource<ServerDescription> NewReady()
    {
        TaskCompletionSource<ServerDescription> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Observed(ready.Task);
        return ready;
    }

    /// <summary>A task that nobody has to wait for: its failure is not one that was not observed.</summary>
    private static Task Observed(Task task)
    {
        _ = task.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }

    private Task<ServerDescription> ConnectedAsync(CancellationToken cancellationToken)
    {
        Task<ServerDescription> ready;
        lock (_gate)
        {
            if (_phase == Phase.Closed || (_phase == Phase.Idle && _disposing is not null)) throw Closed();
            if (_phase == Phase.Idle)
            {
                _phase = Phase.Connecting;
                using (ExecutionContext.SuppressFlow()) _running = Task.Run(DoRunAsync, CancellationToken.None);
            }

            ready = _ready.Task;
        }

        return ready.WaitAsync(cancellationToken);
    }

    private Exception Closed() => _closedBy is null
        ? new ObjectDisposedException(nameof(UdsBrokerClient))
        : new ConnectionLostException((_closedBy as UdsBrokerException)?.Reason ?? CloseReason.None, $"The client has ended: {_closedBy.Message}", 0, _closedBy);

    private async Task DoRunAsync()
    {
        try
        {
            await ProcessConnectionsAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Close(by: null);
        }
        catch (ConnectFailedException failure) when (!_hasConnected)
        {
            FailFirst(failure);
        }
        catch (Exception fault)
        {
            Close(fault);
        }
    }

    private async Task ProcessConnectionsAsync(CancellationToken stop)
    {
        Backoff backoff = new(_options.Reconnect);
        int failures = 0;
        AddressRing addresses = new(_options);
        while (true)
        {
            ConnectFailedException? failure = null;
            try
            {
                using Connection connection = await OpenAsync(addresses.Current, stop).ConfigureAwait(false);
                failures = 0;
                addresses.Succeed();
                long start = _options.Time.GetTimestamp();
                ConnectionEnd end = await RunConnectionAsync(connection, stop).ConfigureAwait(false);
                if (_options.Time.GetElapsedTime(start) > _options.Reconnect.MaxDelay) backoff.Reset();
                stop.ThrowIfCancellationRequested();
                if (!_options.Reconnect.Enabled || !end.MayReconnect)
                    throw new ConnectionLostException(end.Reason, end.Message, 0, end.Exception);
                if (end.IsBrokerLeaving) addresses.MoveNext();
            }
            catch (ConnectFailedException error)
            {
                bool mayRepeat = _hasConnected || _options.RetryFirstConnect || addresses.HasUntried;
                addresses.Fail(error.IsTransient);
                if (!mayRepeat || addresses.HaveAllFailedForGood) throw;
                failure = error;
            }

            if (failure is not null && ++failures >= _options.Reconnect.MaxAttempts) throw failure;
#pragma warning disable CA5394 // The delay only has to differ between clients.
            await Task.Delay(backoff.Next(Random.Shared.NextDouble()), _options.Time, stop).ConfigureAwait(false);
#pragma warning restore CA5394
        }
    }

    private async Task<Connection> OpenAsync(SocketAddress address, CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_options.ConnectTimeout);
        Connection? connection = null;
        try
        {
            Socket socket = await Dialer.DialAsync(address, _options, limit.Token).ConfigureAwait(false);
            connection = new Connection(this, _options, socket, address);
            await connection.GreetAsync(limit.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception error)
        {
            connection?.Dispose();
            if (error is not OperationCanceledException || stop.IsCancellationRequested) throw;
            string stage = connection is null ? "accept the connection" : "answer HELLO with WELCOME";
            throw new ConnectFailedException(
                ConnectFailure.TimedOut,
                address.Text,
                $"The broker at {address.Text} did not {stage} within {_options.ConnectTimeout.TotalSeconds} s.",
                error,
                $"({nameof(UdsBrokerOptions.ConnectTimeout)} says how long to wait.)");
        }
    }

    /// <summary>The first connect failed and is not repeated: waiting callers get the reason, and the next call tries again.</summary>
    private void FailFirst(ConnectFailedException failure)
    {
        lock (_gate)
        {
            if (_phase == Phase.Closed) return;
            _phase = Phase.Idle;
            _ready.TrySetException(failure);
            _ready = NewReady();
        }
    }

    /// <summary>Ends the client, by its user (no exception) or because it cannot reconnect.</summary>
    private void Close(Exception? by)
    {
        Outbound.Close();
        Exception closed;
        Subscription inbox;
        lock (_gate)
        {
            _phase = Phase.Closed;
            _closedBy ??= by;
            closed = Closed();
            _ready.TrySetException(closed);
            inbox = _inbox;
        }

        foreach (Subscription subscription in _subscriptions.Values) subscription.End(by is null ? null : closed);
        _subscriptions.Clear();
        inbox.End(by is null ? null : closed);
        _requests.FailAll(closed);
        _sweep.Dispose();
        DropWaiting(by);
    }
}
