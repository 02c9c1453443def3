using Akka.Actor;
using Akka.Event;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Tells every element to an actor as fast as it comes.</summary>
internal sealed class ActorRefSink<T> : GraphStage<SinkShape<T>>
{
    private readonly IActorRef _actor;
    private readonly object _onComplete;
    private readonly Func<Exception, object> _onFailure;

    public ActorRefSink(IActorRef actor, object onComplete, Func<Exception, object> onFailure)
    {
        _actor = actor;
        _onComplete = onComplete;
        _onFailure = onFailure;
    }

    public override SinkShape<T> Shape { get; } = new(new Inlet<T>("ActorRefSink.in"));

    protected override Attributes InitialAttributes => Attributes.CreateName("actorRefSink");

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : InGraphStageLogic
    {
        private readonly ActorRefSink<T> _stage;
        private readonly Inlet<T> _in;
        private bool _signalled;

        public Logic(ActorRefSink<T> stage)
            : base(stage.Shape)
        {
            _stage = stage;
            _in = stage.Shape.Inlet;
            SetHandler(_in, this);
        }

        public override void PreStart()
        {
            GetStageActor(OnMessage).Watch(_stage._actor);
            Pull(_in);
        }

        public override void OnPush()
        {
            _stage._actor.Tell(Grab(_in), ActorRefs.NoSender);
            Pull(_in);
        }

        public override void OnUpstreamFinish()
        {
            Signal(_stage._onComplete);
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            Signal(_stage._onFailure(e));
            FailStage(e);
        }

        public override void PostStop()
        {
            if (!_signalled)
                Signal(_stage._onFailure(new AbruptStageTerminationException(this)));
        }

        private void Signal(object message)
        {
            _signalled = true;
            _stage._actor.Tell(message, ActorRefs.NoSender);
        }

        private void OnMessage((IActorRef, object) args)
        {
            if (args.Item2 is Terminated terminated && terminated.ActorRef.Equals(_stage._actor))
                CompleteStage();
            else
                Log.Error("Unexpected message to stage actor {0}", args.Item2.GetType().Name);
        }
    }
}
