namespace UdsBroker.Client;

// The ways a subscription ends: at once, after a number of messages, or drained. In all of them what waits in the client can still be read;
// disposing also lets go of that.
public sealed partial class Subscription
{
    /// <summary>
    /// Ends the subscription: nothing new is taken from now on, what waits in this client can still be read, then the reader finds the end.
    /// </summary>
    /// <param name="max">End only after so many more messages, missed ones included, counted from this call. <see langword="null"/>: at once. 1 or more.</param>
    /// <param name="cancellationToken">Ends nothing but the call: the frame is only written, not waited for.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> is less than 1.</exception>
    public ValueTask UnsubscribeAsync(long? max = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (max is not { } most)
        {
            Client.Retire(this, tellBroker: true);
            return ValueTask.CompletedTask;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(max));
        Interlocked.Exchange(ref _messagesLeft, most);
        Client.Limit(this, most);
        return ValueTask.CompletedTask;
    }

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether <see cref="DrainAsync"/> was called on this connection.</summary>
    internal bool IsDraining { get; private set; }

    /// <summary>Completes when nothing more will come; fails if the connection ended before.</summary>
    internal Task Drained => _drained.Task;

    /// <summary>
    /// Ends the subscription without losing anything: the broker admits no new messages for it, what waited there is received, and when this completes all
    /// of it waits in this client. Read on until the end. From this call on nothing is dropped here: the bounds of this client no longer hold, so
    /// that it may have to keep as much as the broker had (<see cref="SubscriptionOptions.BrokerPendingBytes"/>). Messages for an inbox cannot be refused
    /// by the broker: those that come to it later are counted in <see cref="UdsBrokerClient.UnclaimedCount"/>.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait; the subscription ends anyway, at once.</param>
    /// <exception cref="ConnectionLostException">The connection ended meanwhile, or there is none; the subscription has ended too.</exception>
    /// <exception cref="SubscriptionRefusedException">The broker took the subscription away meanwhile.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default)
    {
        bool isDrained = false;
        try
        {
            await Client.DrainAsync(this, cancellationToken).ConfigureAwait(false);
            isDrained = true;
        }
        finally
        {
            Client.Retire(this, tellBroker: !isDrained);
        }
    }

    /// <summary>From here on everything is taken, and no more credit is needed. True when the broker must be told so.</summary>
    internal bool BeginDrain()
    {
        IsDraining = true;
        _queue.LiftBounds();
        return _credit is not null;
    }

    /// <summary>On the reading thread: the broker has sent everything.</summary>
    internal void OnDrained() => Client.Retire(this, tellBroker: false);

    /// <summary>The connection ended, or the broker took the subscription away, before everything had come.</summary>
    internal void FailDrain(UdsBrokerException reason)
    {
        if (_drained.TrySetException(reason)) _ = _drained.Task.Exception;
    }

    /// <summary>Ends the subscription at once and lets go of what waits in it. A batch in the reader's hands stays valid until it is disposed.</summary>
    public ValueTask DisposeAsync()
    {
        Client.Retire(this, tellBroker: true);
        _isReleased = true;
        _queue.Clear();
        _queue.Finish();
        return ValueTask.CompletedTask;
    }
}
