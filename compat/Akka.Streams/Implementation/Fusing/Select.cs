using Akka.Streams.Stage;
using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Emits the result of a function for each element.</summary>
internal sealed class Select<TIn, TOut> : LinearStage<TIn, TOut>
{
    private readonly Func<TIn, TOut> _function;

    public Select(Func<TIn, TOut> function)
        : base("select") => _function = function;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, inheritedAttributes.Decider());

    private sealed class Logic(Select<TIn, TOut> stage, Decider decider) : LinearLogic(stage)
    {
        public override void OnPush()
        {
            try
            {
                Push(Out, stage._function(Grab(In)));
            }
            catch (Exception e)
            {
                if (decider(e) == Directive.Stop)
                    FailStage(e);
                else
                    Pull(In);
            }
        }
    }
}
