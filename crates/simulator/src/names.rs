//! Plausible names for a world that does not exist.

const CAMPAIGNS: [&str; 18] = [
    "Soporte<-",
    "Ventas->",
    "Ventas<-",
    "Cobranzas<-",
    "Retención<-",
    "Reservas<-",
    "Encuesta->",
    "Facturación<-",
    "Emergencias<-",
    "Recupero->",
    "Atendimento ao Cliente<-",
    "Portal web<-",
    "Nocturno<-",
    "Renovación->",
    "Cobranças<-",
    "Hogar & Jardín<-",
    "Billing support<-",
    "Welcome calls->",
];
const FIRST: [&str; 40] = [
    "Lucía",
    "Martín",
    "Sofía",
    "João",
    "Camila",
    "Bruno",
    "Ana",
    "Diego",
    "Paula",
    "Nicolás",
    "Valentina",
    "Rafael",
    "Inés",
    "Tomás",
    "Elena",
    "Hugo",
    "Carla",
    "Andrés",
    "Julia",
    "Pedro",
    "Rosa",
    "Iván",
    "Marta",
    "Renata",
    "Luis",
    "Beatriz",
    "Mateo",
    "Clara",
    "Gonzalo",
    "Helena",
    "Pablo",
    "Lara",
    "Simón",
    "Irene",
    "Caio",
    "Noelia",
    "Oscar",
    "Daniela",
    "Felipe",
    "Alma",
];
const LAST: [&str; 30] = [
    "Pereira", "Rocha", "Acosta", "Meireles", "Núñez", "Silveira", "Ferreiro", "Olivera", "Techera", "Viera",
    "Sosa", "Duarte", "Cardozo", "Ibarra", "Prates", "Lemos", "Bentos", "Pintos", "Moraes", "Gamarra",
    "Castro", "Leites", "Barreto", "Correa", "Dutra", "Esteves", "Farías", "Godoy", "Herrera", "Queiroz",
];
const REASONS: [&str; 6] = ["Baño", "Almuerzo", "Reunión", "Coaching", "Descanso", "Capacitación"];

pub(crate) fn campaign(index: usize) -> String {
    match CAMPAIGNS.get(index) {
        Some(name) => (*name).to_owned(),
        None => {
            let name = CAMPAIGNS[index % CAMPAIGNS.len()];
            let (label, suffix) = name.split_at(name.len() - 2);
            format!("{label} {}{suffix}", index / CAMPAIGNS.len() + 1)
        }
    }
}

pub(crate) fn agent(index: usize) -> String {
    let (first, last) = (FIRST[index % FIRST.len()], LAST[(index / FIRST.len() + index * 7) % LAST.len()]);
    let round = index / (FIRST.len() * LAST.len());
    if round == 0 { format!("{first} {last}") } else { format!("{first} {last} {}", round + 1) }
}

pub(crate) fn reason(pick: usize) -> &'static str {
    REASONS[pick % REASONS.len()]
}
