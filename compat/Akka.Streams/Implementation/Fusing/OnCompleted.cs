using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Drops all elements and calls a function when the upstream ends.</summary>
internal sealed class OnCompleted<T> : LinearStage<T, NotUsed>
{
    private readonly Action _success;
    private readonly Action<Exception> _failure;

    public OnCompleted(Action success, Action<Exception> failure)
        : base("onCompleted")
    {
        _success = success;
        _failure = failure;
    }

    protected override Attributes InitialAttributes => Attributes.None;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic(OnCompleted<T> stage) : LinearLogic(stage)
    {
        private bool _signalled;

        public override void OnPush()
        {
            Grab(In);
            Pull(In);
        }

        public override void OnUpstreamFinish()
        {
            stage._success();
            _signalled = true;
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            stage._failure(e);
            _signalled = true;
            FailStage(e);
        }

        public override void PostStop()
        {
            if (!_signalled)
                stage._failure(new AbruptStageTerminationException(this));
        }
    }
}
