using Akka.Actor;
using Akka.Event;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>
/// The actor of an island. Each message may cause any number of events; after a limit of them the actor sends itself a message and lets other
/// actors run. An async callback that is called from inside of the island does not go through the mailbox, but waits for the events of the
/// moment. An island with asynchronous boundaries starts at the message <see cref="Start"/>, any other one in PreStart.
/// </summary>
internal sealed class ActorGraphInterpreter : ActorBase, IInterpreterHost
{
    private readonly GraphInterpreter _interpreter;
    private readonly BoundaryLogic[] _boundaries;
    private readonly IActorRef _self;
    private readonly int _limit;
    private Queue<AsyncInput> _fromInside;
    private ILoggingAdapter _log;
    private bool _isStarted;
    private bool _isOver;
    private bool _isResumeSent;

    private ActorGraphInterpreter(Producer producer)
    {
        _interpreter = producer.Interpreter;
        _boundaries = producer.Boundaries;
        _limit = producer.Limit;
        _self = Self;
        _interpreter.Host = this;
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
        if (_boundaries is null)
        {
            StartStages();
            RunBatch();
        }
    }

    protected override bool Receive(object message)
    {
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
                StartStages();
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
        if (_boundaries is not null)
        {
            foreach (var boundary in _boundaries)
                _interpreter.Attach(boundary);
        }

        _interpreter.Init();
        if (_boundaries is not null)
        {
            foreach (var boundary in _boundaries)
                boundary.Started();
        }
    }

    private void RunBatch()
    {
        if (_isOver || !_isStarted)
            return;
        try
        {
            var left = _interpreter.Execute(_limit);
            while (left > 0 && _fromInside is { Count: > 0 })
            {
                _interpreter.RunAsyncInput(_fromInside.Dequeue());
                left = _interpreter.Execute(left - 1);
            }
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
            foreach (var boundary in _boundaries ?? [])
            {
                if (boundary is InputBoundary)
                    boundary.Abort(reason);
            }

            _interpreter.Execute(2 * _limit);
        }
        finally
        {
            _interpreter.Finish();
            foreach (var boundary in _boundaries ?? [])
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

    /// <summary>Makes the actor of an island.</summary>
    public sealed class Producer(GraphInterpreter interpreter, BoundaryLogic[] boundaries, int limit) : IIndirectActorProducer
    {
        public GraphInterpreter Interpreter => interpreter;

        public BoundaryLogic[] Boundaries => boundaries;

        public int Limit => limit;

        public Type ActorType => typeof(ActorGraphInterpreter);

        public ActorBase Produce() => new ActorGraphInterpreter(this);

        public void Release(ActorBase actor)
        {
        }
    }

    /// <summary>Tells an island to go on.</summary>
    private sealed class Resume : IBoundaryEvent
    {
        public static readonly Resume Instance = new();
    }
}
