using Akka.Actor;
using Akka.Event;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>
/// The actor of an island. Each message may cause any number of events; after a limit of them the actor sends itself a message and lets other
/// actors run. An async callback that is called from inside of the island does not go through the mailbox, but waits for the events of the
/// moment. An island with asynchronous boundaries starts at its first message, which is sent when all others are there, any other one in
/// PreStart.
/// </summary>
internal sealed class ActorGraphInterpreter : ActorBase
{
    private readonly GraphInterpreter _interpreter;
    private readonly IActorRef _self;
    private readonly int _limit;
    private Queue<AsyncInput> _fromInside;
    private ILoggingAdapter _log;
    private bool _isStarted;
    private bool _isOver;
    private bool _isResumeSent;

    public ActorGraphInterpreter(GraphInterpreter interpreter)
    {
        _interpreter = interpreter;
        _limit = interpreter.Materializer.Settings.SyncProcessingLimit;
        _self = Self;
        interpreter.Host = this;
    }

    public ILoggingAdapter Log => _log ??= Context.GetLogger();

    public void OnAsyncInput(AsyncInput input, bool fromInside)
    {
        if (fromInside)
            (_fromInside ??= new Queue<AsyncInput>()).Enqueue(input);
        else
            _self.Tell(input, ActorRefs.NoSender);
    }

    protected override void PreStart()
    {
        if (_interpreter.Boundaries is null)
        {
            StartStages();
            RunBatch();
        }
    }

    protected override bool Receive(object message)
    {
        // A signal from an island that has been told to start already may overtake the message that starts this one.
        if (!_isStarted && message is IBoundaryEvent)
            StartStages();
        switch (message)
        {
            case AsyncInput input:
                _interpreter.RunAsyncInput(input);
                break;
            case BoundarySignal signal:
                signal.Deliver();
                break;
            case Resume:
                _isResumeSent = false;
                break;
            case Start:
                break;
            default:
                return false;
        }

        RunBatch();
        return true;
    }

    protected override void PostStop()
    {
        if (!_isOver)
            Abort(new AbruptTerminationException(_self));
    }

    private void StartStages()
    {
        _isStarted = true;
        if (_interpreter.Boundaries is not null)
        {
            foreach (var boundary in _interpreter.Boundaries)
                _interpreter.Attach(boundary);
        }

        _interpreter.Init();
        if (_interpreter.Boundaries is not null)
        {
            foreach (var boundary in _interpreter.Boundaries)
                boundary.Started();
        }
    }

    private void RunBatch()
    {
        if (_isOver)
            return;
        try
        {
            var left = _interpreter.Execute(_limit);
            do
            {
                // Those that wait by now run in any case, or a stream without end would never let them.
                for (var waiting = _fromInside?.Count ?? 0; waiting > 0; waiting--)
                {
                    _interpreter.RunAsyncInput(_fromInside.Dequeue());
                    left = _interpreter.Execute(Math.Max(0, left - 1));
                }
            }
            while (left > 0 && _fromInside is { Count: > 0 });
        }
        catch (Exception e)
        {
            Abort(e);
        }

        if (_isOver || _interpreter.IsCompleted)
        {
            _isOver = true;
            Context.Stop(_self);
        }
        else if (!_isResumeSent && (_interpreter.HasEvents || _fromInside is { Count: > 0 }))
        {
            _isResumeSent = true;
            _self.Tell(Resume.Instance, ActorRefs.NoSender);
        }
    }

    /// <summary>Lets the stages see the failure of what is outside, as far as it goes, and stops those that are left.</summary>
    private void Abort(Exception reason)
    {
        _isOver = true;
        if (!_isStarted)
            StartStages();
        try
        {
            foreach (var boundary in _interpreter.Boundaries ?? [])
            {
                if (boundary is InputBoundary)
                    boundary.Abort(reason);
            }

            _interpreter.Execute(2 * _limit);
        }
        finally
        {
            _interpreter.Finish();
            foreach (var boundary in _interpreter.Boundaries ?? [])
            {
                if (boundary is OutputBoundary)
                    boundary.Abort(reason);
            }
        }
    }

    /// <summary>Tells an island that all others are there.</summary>
    public sealed class Start : IBoundaryEvent
    {
        public static readonly Start Instance = new();
    }

    /// <summary>Tells an island to go on.</summary>
    private sealed class Resume : IBoundaryEvent
    {
        public static readonly Resume Instance = new();
    }
}
